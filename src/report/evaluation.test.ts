import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluationText, parseEvaluation } from './evaluation.js';
import { evaluationOf, rowOf } from './testing/toy.js';

test('what is written is read again, infinities and numbers that are none included', () => {
  const evaluation = evaluationOf([
    rowOf(Number.NEGATIVE_INFINITY, [Number.NEGATIVE_INFINITY, 2]),
    rowOf(Number.NaN, undefined, { details: { bins: [1, 2], share: 0.5 }, reference: { value: 1, interval: [0, 2] } }),
  ]);
  const parsed = parseEvaluation(JSON.parse(evaluationText(evaluation)));
  assert.deepEqual(parsed, { evaluation });
});

test('what is no evaluation says where', () => {
  for (const [content, place] of [
    [{}, 'format'],
    [{ ...evaluationOf([]), version: 2 }, 'version'],
    [{ ...evaluationOf([]), rows: [{}] }, 'rows.0.metric'],
  ] as const) {
    const parsed = parseEvaluation(content);
    assert.ok('problem' in parsed && parsed.problem.startsWith(`${place}:`), JSON.stringify(parsed));
  }
});
