// Every example runs, in its quick form, in a folder of its own.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { models } from '../src/models/registry.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'verisim-examples-'));
after(() => rm(home, { recursive: true }));

/** What each example says and leaves behind. */
const expected: Readonly<Record<string, { readonly says: RegExp; readonly files: readonly string[] }>> = {
  'gaussian-bayes-digits.js': {
    says: /^(7|8)\d\.\d % of 200 digits read right\n/,
    files: ['class-means.svg', 'class-samples.svg'],
  },
  'pca-digits.js': {
    says: /^50 of 784 directions explain 8\d\.\d % of the variance\n(.*\n)*loaded again, the same digits: true\n/,
    files: ['components.png', 'digits-model', 'digits.png', 'reconstructions.png'],
  },
  'kernel-density-points.js': {
    says: /^scott: bandwidth 0\.\d+, .* nats\ncross-validated: bandwidth 0\.\d+, .* nats\nhistogram: \d+ bins, .* nats\n/,
    files: ['cross-validated.svg', 'histogram.svg', 'points.csv', 'scott.svg'],
  },
  'pixelcnn-digits.js': {
    says: /^after 30 steps: \d+\.\d nats a test digit.*\nleast expected pixel: .*\nloaded again, the same digits: true\n$/,
    files: ['digits-model', 'digits.png', 'surprise.png'],
  },
  'rbm-digits.js': {
    says: /^log Z = -?\d+\.\d in \[.*\] \(ais\)\nmean log-probability of test digits: -\d+\.\d nats\nloaded again, the same free energies: true\n$/,
    files: ['digits-model', 'digits.png', 'filters.png', 'reconstructions.png'],
  },
  'realnvp-points.js': {
    says: /^after \d+ steps: -?\d+\.\d\d nats a point\nthe density integrates to [01]\.\d{3}\nthere and back: largest error \d.*\nloaded again, the same points: true\n$/,
    files: ['density.svg', 'flow-model', 'points.csv'],
  },
  'conditional-gan-digits.js': {
    says: /^10 steps; digits 0 1 2 3 4 5 6 7 8 9\n(warning: .*\n)*digits it has not seen are rebuilt with a squared error of 0\.\d+ a pixel\n$/,
    files: ['asked-for.png', 'rebuilt.png'],
  },
  'gan-points.js': {
    says: /60 steps: D\(x\) 0\.\d+.*\nmedian distance of a sample to the data: \d\.\d+\n/,
    files: ['gan-points.csv'],
  },
  'gaussian-mixture-points.js': {
    says: /\d+ components have the lowest BIC\n(.*\n)*least likely point.*\nloaded again, the same densities: true\n/,
    files: ['mixture-model', 'mixture-points.csv'],
  },
  'autoencoder-digits.js': {
    says: /^standard-normal: squared error \d+\.\d per digit\nmixture: squared error \d+\.\d per digit\n/,
    files: ['codes.csv', 'mixture.png', 'reconstructions.png', 'standard-normal.png'],
  },
  'generator-network-digits.js': {
    says: /^fixed vectors: squared error \d+\.\d per digit\nlearnt vectors: squared error \d+\.\d per digit\n/,
    files: ['fixed-learnt.png', 'fixed-new.png', 'learnt-learnt.png', 'learnt-new.png'],
  },
  'vae-digits.js': {
    says: /elbo, 1 samples: -\d+\.\d+ nats\nimportance, 20 samples: -\d+\.\d+ nats\n\d of 8 numbers of the code are used\n/,
    files: ['between.png', 'digits.png'],
  },
  'nade-digits.js': {
    says: /^fvsbn: \d+\.\d nats per digit, 0\.\d+ bits per pixel\nnade: \d+\.\d nats per digit, 0\.\d+ bits per pixel\n$/,
    files: ['fvsbn.png', 'nade.png'],
  },
  'made-digits.js': {
    says: /^60 steps: \d+\.\d nats per image\n\d+\.\d % of 500 digits read right\nloaded again, the same digits: true\n/,
    files: ['digits-model', 'sevens.png'],
  },
  'classifier-digits.js': {
    says: /^classifier: [89]\d\.\d % of 200 digits read right, of the \d fewest\nof noise it is sure by \d+\.\d % on average\na Gaussian per digit gives digits -?\d+ nats and noise -\d+\nloaded again: a classifier\n$/,
    files: ['digits-classifier'],
  },
  'dcgan-digits.js': {
    says: /4 steps, finished\n(.*\n)*loaded again, the same digits: true\n/,
    files: ['digits-model', 'digits.png', 'walk.png'],
  },
};

const examples = (await readdir(here)).filter((name) => name.endsWith('.js') && !name.endsWith('.test.js'));

test('every example is expected, and every family of models has one', () => {
  assert.deepEqual(examples.sort(), Object.keys(expected).sort());
  const families = Object.values(models).map(({ family, kind }) => ({ family, kind }));
  for (const { family } of families) {
    const kinds = families.filter((one) => one.family === family).map(({ kind }) => kind);
    assert.ok(
      examples.some((name) => kinds.some((kind) => name.startsWith(`${kind}-`))),
      family,
    );
  }
});

for (const [name, { says, files }] of Object.entries(expected))
  test(name, async () => {
    const folder = await mkdtemp(join(home, basename(name, '.js')));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(here, name), '--quick'], {
      cwd: folder,
    });
    assert.match(stdout, says);
    assert.equal(stderr, '');
    assert.deepEqual((await readdir(folder)).sort(), files);
  });
