// The rewritten model computes the same: checked on the CPU, which has all of its operators.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import {
  add,
  batch,
  cast,
  greater,
  input,
  type LoweredProgram,
  less,
  logSoftmax,
  lowerLoop,
  lowerProgram,
  or,
  resizeBilinear,
  type StepProgram,
  sign,
  type Tensor,
} from '../tensor/index.js';
import { GraphBuilder } from '../tensor/onnx/graph-builder.js';
import { writeModel } from '../tensor/onnx/model.js';
import { ModelProtoSchema } from '../tensor/onnx/onnx_pb.js';
import { openRuntime } from './node/open.js';
import { random } from './random.js';
import { float32, type Runtime } from './runtime.js';
import { forWebgpu } from './webgpu-model.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

const x = input('x', [3, 4]);
const described = { name: 'x', shape: [3, 4], dtype: 'float32' } as const;

/** One operator that no expression lowers to by itself. */
function sumOfFour(): LoweredProgram {
  const graph = new GraphBuilder();
  graph.input(described);
  const value = graph.node('Sum', ['x', graph.node('Abs', ['x']), 'x', graph.node('Cos', ['x'])]);
  const model = writeModel(graph.finish('sum', [{ ...described, name: 'y', value }]));
  return { name: 'sum', model, inputs: [described], results: ['y'] };
}

const program = (y: Tensor) => lowerProgram({ name: 'case', results: { y } });
const cases: Readonly<Record<string, LoweredProgram>> = {
  Sum: sumOfFour(),
  Or: program(cast(or(greater(x, 0.5), less(x, -0.5)), 'float32')),
  Sign: program(sign(x)),
  LogSoftmax: program(logSoftmax(x)),
};

const operatorsOf = (model: Uint8Array) => fromBinary(ModelProtoSchema, model).graph?.node.map(({ opType }) => opType);

for (const [operator, lowered] of Object.entries(cases))
  test(`the same values come out without the operator ${operator}`, async () => {
    const rewritten = { ...lowered, model: forWebgpu(lowered.model) };
    assert.ok(operatorsOf(lowered.model)?.includes(operator));
    assert.ok(!operatorsOf(rewritten.model)?.includes(operator));
    const values = random(0).normal(12);
    values.set([0, 1e9, -1e9]);
    const results: Float64Array[] = [];
    for (const candidate of [lowered, rewritten]) {
      const compiled = await runtime.compile(candidate);
      const { y } = await compiled.run({ x: float32(values, [3, 4]) });
      results.push(Float64Array.from(y?.data ?? [], Number));
    }
    const [expected, actual] = results;
    assert.equal(actual?.length, 12);
    // The order of a sum, and one logarithm, differ by roundings of the largest term.
    for (const [i, value] of expected?.entries() ?? [])
      assert.ok(
        Math.abs((actual?.[i] ?? Number.NaN) - value) <= 1e-6 * Math.max(1, Math.abs(value)),
        `${value} became ${actual?.[i]}`,
      );
  });

test('bilinear resizing is the same with channels first, in any batch', async () => {
  const images = input('x', [batch, 2, 3, 2]);
  const lowered = program(resizeBilinear(images, { size: [4, 5] }));
  const rewritten = { ...lowered, model: forWebgpu(lowered.model) };
  assert.ok(!operatorsOf(lowered.model)?.includes('Transpose'));
  assert.ok(operatorsOf(rewritten.model)?.includes('Transpose'));
  const feeds = { x: float32(random(0).normal(36), [3, 2, 3, 2]) };
  const [expected, actual] = await Promise.all(
    [lowered, rewritten].map(async (candidate) => (await runtime.compile(candidate)).run(feeds)),
  );
  assert.deepEqual(actual?.y?.shape, [3, 4, 5, 2]);
  for (const [i, value] of expected?.y?.data.entries() ?? [])
    assert.ok(Math.abs(Number(actual?.y?.data[i]) - Number(value)) < 1e-6);
});

test('the body of a Loop is rewritten as well', async () => {
  const w = input('w', [3, 4]);
  const step: StepProgram = { name: 'signs', variables: { w: { current: w, next: add(w, sign(x)) } }, metrics: {} };
  const lowered = lowerLoop(step);
  const rewritten = { ...lowered, model: forWebgpu(lowered.model) };
  const body = fromBinary(ModelProtoSchema, rewritten.model).graph?.node.find(({ opType }) => opType === 'Loop');
  assert.ok(!body?.attribute.some(({ g }) => g?.node.some(({ opType }) => opType === 'Sign')));
  const compiled = await runtime.compileStep(rewritten);
  await compiled.write({ w: float32(new Float32Array(12), [3, 4]) });
  await compiled.run(2, { x: random(0).normal(24) });
  const signs = Float32Array.from({ length: 12 }, (_, i) => {
    const values = random(0).normal(24);
    return Math.sign(values[i] ?? 0) + Math.sign(values[i + 12] ?? 0);
  });
  assert.deepEqual((await compiled.read()).w?.data, signs);
});

test('a sign of float64 numbers is left alone', () => {
  const { model } = program(sign(input('x', [2], 'float64')));
  assert.ok(operatorsOf(forWebgpu(model))?.includes('Sign'));
});
