import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFormatError } from '../core/errors.js';
import { writeSafetensors } from '../data/index.js';
import type { Values } from '../runtime/runtime.js';
import { valuesFromSafetensors, valuesToSafetensors } from './state-file.js';

const values: Values = {
  weight: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 3e38) },
  precise: { dtype: 'float64', shape: [1], data: Float64Array.of(0.1) },
  step: { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) },
  mask: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
};

test('values of every type come back as they were', () => {
  const bytes = valuesToSafetensors(values, { note: 'x' });
  const { values: read, metadata } = valuesFromSafetensors(bytes, 'f');
  assert.deepEqual(read, values);
  assert.equal(metadata.note, 'x');
});

test('each value owns its memory, so that it can be handed to a worker', () => {
  const bytes = valuesToSafetensors(values);
  const { values: read } = valuesFromSafetensors(bytes, 'f');
  const buffers = Object.values(read).map(({ data }) => data.buffer);
  assert.equal(new Set([...buffers, bytes.buffer]).size, buffers.length + 1);
});

test('truncated files and types that no program takes are errors with the path', () => {
  const bytes = valuesToSafetensors(values);
  for (const length of [0, 5, 30, bytes.length - 1])
    assert.throws(
      () => valuesFromSafetensors(bytes.subarray(0, length), 'runs/a/state'),
      (error) => {
        assert.ok(error instanceof FileFormatError);
        return error.path === 'runs/a/state';
      },
    );
  const integers = writeSafetensors({ n: { dtype: 'I32', shape: [1], data: Int32Array.of(1) } });
  assert.throws(() => valuesFromSafetensors(integers, 'f'), /"n" of type I32, which no program takes/);
});

test('in half precision matrices take two bytes a number; vectors and other types stay as they are', () => {
  const { values: read } = valuesFromSafetensors(
    valuesToSafetensors(
      { ...values, bias: { dtype: 'float32', shape: [1], data: Float32Array.of(0.1) } },
      {},
      { halfPrecision: true },
    ),
    'f',
  );
  assert.deepEqual(read.weight, {
    dtype: 'float32',
    shape: [2, 2],
    data: Float32Array.of(1, -0, Number.NaN, Infinity),
  });
  assert.deepEqual(read.bias?.data, Float32Array.of(0.1));
  for (const name of ['precise', 'step', 'mask']) assert.deepEqual(read[name], values[name]);
});
