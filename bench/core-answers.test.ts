import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { startCoreAnswers } from './core-answers.js';

test('two threads answer each other, as often as they are asked', { skip: availableParallelism() < 2 }, async () => {
  const answers = await startCoreAnswers();
  try {
    for (let time = 0; time < 3; time++) {
      const nanoseconds = answers.nanoseconds();
      // Where both have to share a core after all, there is no figure.
      assert.ok(nanoseconds === undefined || (nanoseconds > 0 && nanoseconds < 1e6), `${nanoseconds}`);
    }
  } finally {
    await answers.stop();
  }
});
