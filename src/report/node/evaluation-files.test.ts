import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileFormatError } from '../../core/errors.js';
import { evaluationOf, rowOf } from '../testing/toy.js';
import { readEvaluation, readPictures, writeEvaluation } from './evaluation-files.js';
import { statisticsFiles } from './statistics-files.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-evaluation-'));
after(() => rm(home, { recursive: true }));

test('an evaluation and its pictures are read as they were written', async () => {
  assert.equal(await readEvaluation(home), undefined);
  assert.deepEqual(await readPictures(home), {});
  const evaluation = evaluationOf([rowOf(1, [0, 2])]);
  const paths = await writeEvaluation(home, evaluation, {
    'samples.png': Uint8Array.of(1),
    'first.png': Uint8Array.of(2),
  });
  // Parts of pages are not announced.
  assert.deepEqual(paths, [join(home, 'evaluation.json'), join(home, 'evaluation', 'samples.png')]);
  assert.deepEqual(await readEvaluation(home), evaluation);
  const pictures = await readPictures(home);
  assert.deepEqual(Object.keys(pictures), ['samples.png', 'first.png']);
  assert.deepEqual([...(pictures['first.png'] ?? [])], [2]);
});

test('a damaged evaluation, or one of another version, says what to do', async () => {
  for (const content of ['{"format":', '{"format": "verisim-evaluation", "version": 7}']) {
    await writeFile(join(home, 'evaluation.json'), content);
    await assert.rejects(
      readEvaluation(home),
      (error) => error instanceof FileFormatError && /evaluation\.json: is no.*verisim evaluate/s.test(error.message),
    );
  }
});

test('statistics are computed once, and again where their file is damaged', async () => {
  const folder = join(home, 'cache');
  const cache = statisticsFiles(folder);
  let computed = 0;
  const features = () =>
    cache.features(['a', 'b'], async () => {
      computed += 1;
      const classes = { data: Float32Array.of(0.5, 0.5), rows: 1, classes: 2 };
      return { data: Float32Array.of(1, 2, 3), rows: 1, width: 3, classes };
    });
  const first = await features();
  assert.deepEqual(await features(), first);
  assert.equal(computed, 1);
  for (const name of await readdir(folder)) await writeFile(join(folder, name), 'damaged');
  assert.deepEqual(await features(), first);
  assert.equal(computed, 2);

  let values = 0;
  const reference = (key: string) =>
    cache.reference([key], async () => {
      values += 1;
      return { value: 0.25, interval: [0, 1] };
    });
  assert.deepEqual(
    [await reference('x'), await reference('x')],
    [
      { value: 0.25, interval: [0, 1] },
      { value: 0.25, interval: [0, 1] },
    ],
  );
  assert.equal(values, 1);
  await reference('y');
  assert.equal(values, 2);
});

test('a cache folder that cannot be written only costs time', async () => {
  await writeFile(join(home, 'file'), '');
  const cache = statisticsFiles(join(home, 'file', 'cache'));
  assert.deepEqual(await cache.reference(['x'], async () => ({ value: 1 })), { value: 1 });
});
