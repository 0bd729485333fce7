import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memo } from './memo.js';

test('the same objects and options mean the same result, others another', async () => {
  const memo = new Memo<number>();
  const [a, b] = [{}, {}];
  let runs = 0;
  const compute = async () => ++runs;
  assert.deepEqual(await Promise.all([memo.once([a, b], 'x', compute), memo.once([a, b], 'x', compute)]), [1, 1]);
  assert.equal(await memo.once([b, a], 'x', compute), 2);
  assert.equal(await memo.once([a, b], 'y', compute), 3);
  assert.equal(await memo.once([{}, b], 'x', compute), 4);
  memo.clear();
  assert.equal(await memo.once([a, b], 'x', compute), 5);
});

test('what failed is computed again', async () => {
  const memo = new Memo<number>();
  const about = [{}];
  await assert.rejects(
    memo.once(about, '', () => Promise.reject(new Error('aborted'))),
    /aborted/,
  );
  assert.equal(await memo.once(about, '', async () => 1), 1);
});
