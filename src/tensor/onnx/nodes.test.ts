import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { mergeBiases } from './nodes.js';
import { NodeProtoSchema } from './onnx_pb.js';

const node = (opType: string, input: readonly string[], output: string) =>
  create(NodeProtoSchema, { name: output, opType, input: [...input], output: [output] });

/** The nodes as lines. */
const printed = (nodes: readonly ReturnType<typeof node>[]): string[] =>
  nodes.map(({ opType, input, output }) => `${output} = ${opType} ${input.join(' ')}`);

test('a product that is for nothing else adds its row by itself, where the row is known', () => {
  const nodes = [node('Gemm', ['x', 'w'], 'p'), node('Relu', ['b'], 'row'), node('Add', ['p', 'row'], 'y')];
  assert.deepEqual(printed(mergeBiases(nodes, new Set(['y']), new Set(['y']))), ['row = Relu b', 'y = Gemm x w row']);
});

test('a convolution adds its row by itself, before its channels are brought into order', () => {
  const nodes = [
    node('Conv', ['x', 'w'], 'c'),
    node('ReorderOutput', ['c'], 'p'),
    node('Relu', ['b'], 'row'),
    node('Add', ['p', 'row'], 'y'),
  ];
  const merged = printed(mergeBiases(nodes, new Set(['y']), new Set(['y'])));
  assert.deepEqual(merged, ['row = Relu b', 'c = Conv x w row', 'y = ReorderOutput c']);
  const used = [...nodes, node('Tanh', ['c'], 'z')];
  assert.deepEqual(mergeBiases(used, new Set(['y']), new Set(['y', 'z'])), used);
});

test('a product stays that is used elsewhere, is a result, or whose sum is none of a row', () => {
  const sum = [node('Gemm', ['x', 'w'], 'p'), node('Add', ['p', 'b'], 'y')];
  const used = [...sum, node('Tanh', ['p'], 'z')];
  assert.deepEqual(mergeBiases(used, new Set(['y']), new Set(['y', 'z'])), used);
  assert.deepEqual(mergeBiases(sum, new Set(['y']), new Set(['y', 'p'])), sum);
  assert.deepEqual(mergeBiases(sum, new Set(), new Set(['y'])), sum);
});
