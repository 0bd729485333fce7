import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import * as t from '../index.js';
import { GraphBuilder } from './graph-builder.js';
import { ModelProtoSchema } from './onnx_pb.js';

/** The operators of a program of one result, in their order. */
function operatorsOf(result: t.Tensor): string[] {
  const { model } = t.lowerProgram({ name: 'p', results: { result } });
  return fromBinary(ModelProtoSchema, model).graph?.node.map(({ opType }) => opType) ?? [];
}

test('values are given another shape only where they have not got it already', () => {
  // A few numbers to one: no axes, and no shape around them.
  assert.deepEqual(operatorsOf(t.sum(t.input('x', [30, 1]))), ['ReduceSum']);
  assert.deepEqual(operatorsOf(t.max(t.input('x', [3, 4, 5]))), ['ReduceMax']);
  assert.deepEqual(operatorsOf(t.sum(t.input('x', [30, 1]), { keepAxes: true })), ['ReduceSum', 'Reshape']);
  // Two passes over many numbers, the second over the first's result as it is.
  assert.deepEqual(operatorsOf(t.sum(t.input('x', [512, 64]), { axes: 0 })), ['Reshape', 'ReduceSum', 'ReduceSum']);
  // A column divided by a number stays a column.
  const column = t.matmul(t.input('w', [30, 8]), t.input('v', [8, 1]));
  assert.deepEqual(operatorsOf(t.divide(column, t.input('length', []))), ['Gemm', 'Div']);
});

test('a shape that is not known yet is one where all other lengths are', () => {
  const graph = new GraphBuilder();
  const x = graph.input({ name: 'x', dtype: 'float32', shape: [t.batch, 4, 2] });
  const y = graph.ofShape(graph.node('Relu', [x]), [t.batch, 4, 2]);
  assert.equal(graph.node('Reshape', [y, graph.int64s([-1, 4, 2])]), y);
  assert.equal(graph.fixedReshape(y, [t.batch, 4, 2]), y);
  for (const other of [[-1, 8], [8, 4, 2], [-1, 2, 4], [-1]])
    assert.notEqual(graph.node('Reshape', [y, graph.int64s(other)]), y);
  // Two unknown lengths say nothing of each other.
  const rows = new t.SymbolicDim('rows');
  const z = graph.ofShape(graph.node('Neg', [y]), [t.batch, rows]);
  assert.notEqual(graph.node('Reshape', [z, graph.int64s([-1, -1])]), z);
});

test('bodies know the lists of the graph that they are part of', () => {
  const graph = new GraphBuilder();
  const list = graph.int64s([2, 3]);
  const body = new GraphBuilder(graph);
  const value = body.ofShape(body.node('Relu', ['x']), [2, 3]);
  assert.equal(body.node('Reshape', [value, list]), value);
  assert.equal(body.node('Reshape', [value, body.int64s([2, 3])]), value);
});

test('whole numbers are stored as 64 bits, of either sign and beyond 32 bits', () => {
  const graph = new GraphBuilder();
  const values = [
    0,
    1,
    -1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    -(2 ** 32) - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ];
  graph.int64s(values);
  const { initializer } = graph.finish('g', []);
  assert.deepEqual(
    new BigInt64Array(initializer[0]?.rawData?.slice().buffer ?? new ArrayBuffer()),
    BigInt64Array.from(values, BigInt),
  );
});

test('an equal constant is stored once, one that differs in its last number beside it', () => {
  const graph = new GraphBuilder();
  const long = Array.from({ length: 100 }, (_, index) => index);
  const names = [long, [...long], long.with(-1, 7)].map((values) => graph.int64s(values));
  assert.deepEqual([names[0] === names[1], names[1] === names[2]], [true, false]);
  const bytes = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4)];
  const [first, second, third] = bytes.map((data) => graph.constant('uint8', [3], data));
  assert.deepEqual([first === second, second === third], [true, false]);
  assert.equal(graph.finish('g', []).initializer.length, 4);
});
