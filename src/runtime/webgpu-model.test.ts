// The rewritten model computes the same: checked on the CPU, which has all of its operators.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import {
  cast,
  conv2dTranspose,
  greater,
  input,
  less,
  logSoftmax,
  lowerLoop,
  lowerProgram,
  or,
  sign,
  type Tensor,
} from '../tensor/index.js';
import { ModelProtoSchema } from '../tensor/onnx/onnx_pb.js';
import { openRuntime } from './node/open.js';
import { random } from './random.js';
import { float32, type Runtime } from './runtime.js';
import { ganStep } from './testing/example-steps.js';
import { forWebgpu } from './webgpu-model.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

const x = input('x', [3, 4]);
const image = input('x', [2, 3, 3, 2]);
const cases: Readonly<Record<string, { readonly operator: string; readonly shape: readonly number[]; y: Tensor }>> = {
  'a sum of four': {
    operator: 'Sum',
    shape: [2, 3, 3, 2],
    y: conv2dTranspose(image, input('w', [4, 4, 1, 2]), { stride: 2, padding: 1 }),
  },
  'a logical or': { operator: 'Or', shape: [3, 4], y: cast(or(greater(x, 0.5), less(x, -0.5)), 'float32') },
  'a sign': { operator: 'Sign', shape: [3, 4], y: sign(x) },
  'a log softmax': { operator: 'LogSoftmax', shape: [3, 4], y: logSoftmax(x) },
};

const operatorsOf = (model: Uint8Array) => fromBinary(ModelProtoSchema, model).graph?.node.map(({ opType }) => opType);

for (const [name, { operator, shape, y }] of Object.entries(cases))
  test(`${name} is the same without the operator ${operator}`, async () => {
    const program = lowerProgram({ name: 'case', results: { y } });
    const rewritten = { ...program, model: forWebgpu(program.model) };
    assert.ok(operatorsOf(program.model)?.includes(operator));
    assert.ok(!operatorsOf(rewritten.model)?.includes(operator));
    const values = random(0).normal(shape.reduce((a, b) => a * b, 1));
    values.set([0, 1e9, -1e9]);
    const w = program.inputs.some((described) => described.name === 'w')
      ? { w: float32(random(1).normal(32), [4, 4, 1, 2]) }
      : {};
    const results: Float64Array[] = [];
    for (const candidate of [program, rewritten]) {
      const compiled = await runtime.compile(candidate);
      const result = await compiled.run({ x: float32(values, shape), ...w });
      results.push(Float64Array.from(result.y?.data ?? [], Number));
    }
    const [expected, actual] = results;
    assert.equal(actual?.length, expected?.length);
    // The order of a sum, and one logarithm, differ by roundings of the largest term.
    for (const [i, value] of expected?.entries() ?? [])
      assert.ok(
        Math.abs((actual?.[i] ?? Number.NaN) - value) <= 1e-6 * Math.max(1, Math.abs(value)),
        `${value} ${actual?.[i]}`,
      );
  });

test('the body of a Loop is rewritten as well', () => {
  const bodyOperators = (model: Uint8Array) =>
    fromBinary(ModelProtoSchema, model)
      .graph?.node.find(({ opType }) => opType === 'Loop')
      ?.attribute.find(({ name }) => name === 'body')
      ?.g?.node.map(({ opType }) => opType);
  const { model } = lowerLoop(ganStep().step);
  assert.ok(bodyOperators(model)?.includes('Sum'));
  assert.ok(!bodyOperators(forWebgpu(model))?.includes('Sum'));
});

test('a sign of float64 numbers is left alone', () => {
  const program = lowerProgram({ name: 'double', results: { y: sign(input('x', [2], 'float64')) } });
  assert.ok(operatorsOf(forWebgpu(program.model))?.includes('Sign'));
});
