import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, UnknownNameError } from '../core/errors.js';
import { fromArrays } from '../data/index.js';
import { gan } from './adversarial/gan.js';
import { checkFit } from './check-fit.js';
import { pca } from './subspace/pca.js';

const data = fromArrays({ x: [[1], [2]] });

test('every option of fit is known', () => {
  checkFit('toy', data, { epochs: 1, seed: 3, signal: new AbortController().signal, observer: {} });
  checkFit('toy', data, {});
});

test('an option that does not exist is refused, with the nearest', () => {
  assert.throws(
    () => Reflect.apply(checkFit, undefined, ['toy', data, { epoch: 3 }]),
    (error) =>
      error instanceof UnknownNameError && /option of fit "epoch"\. Did you mean "epochs"\?/.test(error.message),
  );
});

test('validation rows are refused by models that have no steps', async () => {
  await assert.rejects(
    pca().fit(data, { validation: data }),
    (error) =>
      error instanceof ConfigError &&
      /validation is for models trained batch by batch.*crossValidate/.test(error.message),
  );
});

test('what is no data set is refused with what it is, by fit itself', async () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [Promise.resolve(data), /received a promise, so an await is missing/],
    [[[1, 2]], /received an array.*fromArrays/],
    [new Float32Array(4), /received an array/],
    [undefined, /received a value of type undefined/],
    [null, /received null/],
  ];
  const model = gan();
  for (const [value, message] of wrong)
    await assert.rejects(
      Reflect.apply(model.fit, model, [value]),
      (error) => error instanceof ConfigError && message.test(error.message),
      String(message),
    );
});
