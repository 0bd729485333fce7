// The tour as a command, on data so small that seconds are plenty.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTour } from '../report/tour/tour-file.js';
import { workplace } from './testing/workplace.js';

const place = await workplace();
const points = await place.writePoints(400);
// Points are taken by five of the seven models.
const stages = ['1-gaussian-bayes', '2-gaussian-mixture', '3-autoencoder', '4-vae', '6-gan'];
const command = ['tour', '--data', points, '--minutes', '0.15', '--no-open'];

const tourFolder = place.path('runs', 'tour-points');
/** When the weights of a stage were written, in milliseconds. */
const writtenAt = async (stage: string): Promise<number> =>
  (await stat(join(tourFolder, stage, 'model', 'weights.safetensors'))).mtimeMs;

test('a tour that is killed or interrupted goes on where it was, and ends in a page with a chapter for each model', async () => {
  let [isTrained, stageProcess] = [false, 0];
  const killed = await place.runAlone(command, {
    onStart: async (child) => {
      while (child.exitCode === null && !isTrained) {
        await sleep(5);
        isTrained = (await readTour(tourFolder).catch(() => undefined))?.stages[0]?.trainingSeconds !== undefined;
      }
      stageProcess = await childOf(child.pid);
      child.kill('SIGKILL');
    },
  });
  assert.equal(killed.signal, 'SIGKILL');
  assert.ok(isTrained && !existsSync(join(tourFolder, '1-gaussian-bayes', 'evaluation.json')));
  // The process of the stage does not outlive the tour's.
  while (stageProcess > 0 && isAlive(stageProcess)) await sleep(20);
  const trainedAt = await writtenAt('1-gaussian-bayes');

  const first = await place.runAlone(command, {
    onStart: async (child) => {
      while (child.exitCode === null && !existsSync(place.path('runs', 'tour-points', '3-autoencoder', 'config.json')))
        await sleep(5);
      child.kill('SIGINT');
    },
  });
  assert.equal(first.code, 130, first.stderr);
  assert.match(killed.stderr, /A tour of 5 models of points.* runs\/tour-points\/index\.html/);
  assert.match(first.stderr, /Going on with stage 1 of 5/);
  // What was fitted before the kill is judged as it is.
  assert.equal(await writtenAt('1-gaussian-bayes'), trainedAt);
  assert.match(first.stderr, /Go on with: npx verisim tour --minutes 0\.15 --data points\.npy/);
  const half = await readFile(place.path('runs', 'tour-points', 'index.html'), 'utf8');
  assert.match(half, /Still to come/);

  const second = await place.run(command);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /Going on with stage 3 of 5/);
  const state = await readTour(place.path('runs', 'tour-points'));
  assert.deepEqual(
    state?.stages.map(({ name }) => name),
    stages,
  );
  const page = await readFile(place.path('runs', 'tour-points', 'index.html'), 'utf8');
  for (const stage of stages) assert.ok(page.includes(`id="${stage}"`), stage);
  assert.doesNotMatch(page, /Still to come/);
  assert.match(page, /id="metrics"/);
  // Nothing on the page is fetched from anywhere.
  assert.doesNotMatch(page, /(src|href)="(?!data:|#)/);
  assert.equal(await writtenAt('1-gaussian-bayes'), trainedAt);
});

test('a stage that was removed from a finished tour is made again, the others are not', async () => {
  const before = await writtenAt('4-vae');
  await rm(join(tourFolder, '6-gan'), { recursive: true });
  await rm(join(tourFolder, '2-gaussian-mixture', 'evaluation.json'));
  const again = await place.run([...command, '--json']);
  assert.equal(again.code, 0, again.stderr);
  const { page, stages: told } = JSON.parse(again.stdout);
  assert.equal(page, 'runs/tour-points/index.html');
  assert.ok(told.every(({ judgingSeconds = 0 }: { judgingSeconds?: number }) => judgingSeconds > 0));
  assert.match(await readFile(place.path(page), 'utf8'), /id="6-gan"/);
  assert.ok(existsSync(join(tourFolder, '6-gan', 'evaluation.json')));
  assert.ok(existsSync(join(tourFolder, '2-gaussian-mixture', 'evaluation.json')));
  assert.equal(await writtenAt('4-vae'), before);
  const nothing = await place.run([...command, '--json']);
  assert.equal(nothing.code, 0, nothing.stderr);
  assert.match(nothing.stderr, /This tour has been made/);
});

test('another tour in the same folder is refused with the remedy', async () => {
  const { code, stderr } = await place.run(['tour', '--data', points, '--minutes', '5', '--no-open']);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /holds a tour with minutes 0\.15, not 5\. Take another folder, --out runs\/tour-points-2/);
});

test('a damaged state is said to be so', async () => {
  await writeFile(place.path('runs', 'tour-points', 'tour.json'), '{"format": "verisim-tour"');
  const { code, stderr } = await place.run(command);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /tour\.json: is no state of a tour/);
});

test('what is no number of minutes, and data that there are none of, are refused', async () => {
  assert.match((await place.run(['tour', '--minutes', 'long'])).stderr, /Expected a number above 0/);
  const unknown = await place.run(['tour', '--data', 'mnits', '--no-open']);
  assert.equal(unknown.code, 2, unknown.stderr);
  assert.match(unknown.stderr, /mnist/);
  assert.ok(!existsSync(place.path('runs', 'tour-mnits')));
});

/** The first child of a process, where the system tells (Linux); otherwise 0. */
async function childOf(pid: number | undefined): Promise<number> {
  return Number.parseInt(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '0'), 10) || 0;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
