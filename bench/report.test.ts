import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchText } from './report.js';
import type { BenchResult, CallResult } from './results.js';

const call: CallResult = {
  name: 'classical-pca',
  description: 'fitting 50 principal components',
  goal: 1,
  milliseconds: 800,
  quartiles: [790, 815.4],
  firstMs: 950,
  megabytes: 300,
  figure: 0.82,
  peers: [
    {
      name: 'scikit-learn',
      version: '1.9.1',
      milliseconds: 1200,
      ratio: 1.5,
      ratioQuartiles: [1.4, 1.625],
      firstMs: 1400,
      megabytes: 554,
      remarks: ["reached 0.5, not Verisim's 0.82: it does other work"],
    },
    { name: 'scikit-learn float32', version: '1.9.1', error: 'MemoryError: none left\n  at line 3', remarks: [] },
  ],
};

const result: BenchResult = {
  machine: 'A processor, 2 cores',
  node: 'v20.19.0',
  threads: 2,
  missingPeers: [{ name: 'PyTorch', error: 'could not be started\nand more' }],
  sampling: [],
};

test('calls come with quartiles, memory against the rows, peers, goals and doubts', () => {
  const calls = { rounds: 5, rows: 'MNIST, 60000 x 784', rowMegabytes: 188.16, tasks: [call] };
  const lines = benchText({ ...result, calls }).split('\n');
  const has = (line: string) => assert.ok(lines.includes(line), `no line "${line}" in\n${lines.join('\n')}`);
  has('| classical-pca | 800 (790-815) | 950 | 300 | 1.6x |');
  has('| classical-pca | scikit-learn 1.9.1 | 1200.0 | 1.50 (1.40-1.63) | 1 | 1400 | 554 |');
  has('| classical-pca | scikit-learn float32 1.9.1 | MemoryError: none left |  | 1 |  |  |');
  has("classical-pca, scikit-learn: reached 0.5, not Verisim's 0.82: it does other work.");
  has('Not measured: PyTorch: could not be started');
  has('- classical-pca: fitting 50 principal components.');
  assert.ok(!lines.some((line) => line.includes('training step')), 'what was not measured is not shown');
});

test('drawing pixel by pixel comes with operations and times of both ways, and says what is extrapolated', () => {
  const pixelSampling = {
    ...{ name: 'pixelcnn-sampling', description: 'drawing images', images: 64, rounds: 5 },
    ...{ milliseconds: 500, quartiles: [490, 510] as const, gigaflop: 14, naiveGigaflop: 10_962 },
    ...{ naiveMs: 40_000, passes: 15, ratio: 80, ratioQuartiles: [78, 82] as const },
  };
  const text = benchText({ ...result, pixelSampling });
  assert.ok(text.includes('| pixelcnn-sampling | 500 (490-510) | 14.0 | 40000 | 10962 | 783x | 80x (78-82) |'), text);
  assert.match(text, /extrapolated from 15 passes/);
  assert.match(text, /- pixelcnn-sampling: drawing images\./);
});

test('every row of a table has as many cells as its headings', () => {
  const step = {
    ...{ name: 'mlp-gan', description: 'a GAN', milliseconds: 9.75, quartiles: [9.7, 10] as const },
    ...{ gigaflop: 1.854, shareOfPeak: 0.4, compileMs: 53.2, megabytes: 197.1, peers: call.peers },
  };
  // One row with how far the cores are apart, one of a record that has none.
  const steps = [{ ...step, answerNs: 93.4 }, step];
  const training = { rounds: 15, matrixProducts: { 512: 460.3, 1024: 450.6 }, peak: 460.3, steps };
  const calls = { rounds: 5, rows: 'MNIST', rowMegabytes: 188.16, tasks: [{ ...call, peers: [] }] };
  const text = benchText({ ...result, training, calls });
  assert.match(text, /\| mlp-gan \| 9\.8 \(9\.7-10\.0\) \| 1\.85 \| 0\.40 \| 53 \| 197 \| 93 \|/);
  assert.match(text, /\| 197 \| {2}\|\n/);
  assert.match(text, /Cores ns: the time in which two cores answered/);
  assert.doesNotMatch(benchText({ ...result, training: { ...training, steps: [step] } }), /cores ns/i);
  const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
  assert.equal(tables.length, 3, 'no table of peers where there are none');
  for (const table of tables) {
    const widths = table.split('\n').map((line) => line.split('|').length);
    assert.equal(new Set(widths).size, 1, table);
  }
});
