import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnknownNameError } from '../../src/core/errors.js';
import { callTaskNames, callTaskOf, checkTaskName, likelihoodTasks, parseTask } from './tasks.js';

test('parseTask takes the names of all tasks apart', () => {
  assert.deepEqual(parseTask('matmul-1024'), { kind: 'matmul', size: 1024 });
  assert.deepEqual(parseTask('dcgan-28'), { kind: 'gan', gan: 'dcgan-28' });
  assert.deepEqual(parseTask('mlp-gan'), { kind: 'gan', gan: 'mlp-gan' });
});

test('parseTask refuses other names and suggests the nearest', () => {
  for (const name of ['matmul-0', 'matmul-', 'matmul-1e3', 'gan', ''])
    assert.throws(() => parseTask(name), UnknownNameError);
  assert.throws(() => parseTask('mlp-gam'), /Did you mean "mlp-gan"\? Known: dcgan-28, mlp-gan, matmul-<n>\./);
});

test('checkTaskName knows steps, products and calls, and refuses other names', () => {
  for (const name of ['dcgan-28', 'matmul-8', ...likelihoodTasks, ...callTaskNames]) checkTaskName(name);
  assert.throws(() => checkTaskName('classical'), UnknownNameError);
  assert.equal(callTaskOf('classical-pca'), 'classical-pca');
  assert.equal(callTaskOf('dcgan-28'), undefined);
});
