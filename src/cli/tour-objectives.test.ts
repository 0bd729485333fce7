// The route of objectives as a command. Going on after an interruption is the same for all routes; here it is seen to keep the route.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTour } from '../report/tour/tour-file.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
const points = await place.writePoints(300);
const command = ['tour', '--route', 'objectives', '--data', points, '--minutes', '0.05', '--no-open'];
const folder = place.path('runs', 'objectives-points');

test('a tour of objectives tells a chapter for each, and its command when it is interrupted', async () => {
  const cut = await place.runAlone(command, {
    onStart: async (child) => {
      while (
        child.exitCode === null &&
        !existsSync(place.path('runs', 'objectives-points', '2-minimax', 'config.json'))
      )
        await sleep(5);
      child.kill('SIGINT');
    },
  });
  assert.equal(cut.code, 130, cut.stderr);
  assert.match(cut.stderr, /A tour of 8 objectives on points/);
  assert.match(cut.stderr, /Go on with: npx verisim tour --route objectives --minutes 0\.05 --data points\.npy/);
  assert.equal((await readTour(folder))?.route, 'objectives');
  const page = await readFile(place.path('runs', 'objectives-points', 'index.html'), 'utf8');
  assert.match(page, /id="1-squared-error"/);
  assert.match(page, /E \|x − G\(z\)\|²/);
  assert.match(page, /What its training warned of/);
  assert.match(page, /Still to come.*Minimax/s);
  // It is no tour of models, and rows are no images.
  assert.doesNotMatch(page, /tour of generative models|seven|through fog/i);
  assert.ok(existsSync(place.path('runs', 'objectives-points', '1-squared-error', 'warnings.json')));
});

test('a tour of models is not made in the folder of one of objectives, and unknown routes are refused', async () => {
  const other = await place.run(['tour', '--data', points, '--out', 'runs/objectives-points', '--no-open']);
  assert.equal(other.code, 2, other.stderr);
  assert.match(other.stderr, /holds a tour with route objectives, not models/);
  const unknown = await place.run(['tour', '--route', 'metrics', '--no-open']);
  assert.equal(unknown.code, 2, unknown.stderr);
  assert.match(unknown.stderr, /models, objectives/);
});
