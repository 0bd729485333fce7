// Likelihoods of the deep models on binarized MNIST (the fixed files), trained and measured anew: the weights are those of the step that is
// best on the validation rows, the test rows are looked at once, at the end. A figure takes from minutes to an hour.
//   node dist/bench/density-figures.js <part of a name ...>     writes docs/density-figures.json; `npm run docs` puts it into the documentation
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Dataset, gatherAll, writeFileAtomic } from '../src/data/index.js';
import { createModel, openDataset, type Samples, scoreRows } from '../src/index.js';
import { hasBound, hasDensity } from '../src/models/tools/abilities.js';
import { physicalCores } from '../src/runtime/node/cores.js';
import { type DensityFigure, densityFigures } from './density-figures/figures.js';
import { peakMegabytes } from './peak-memory.js';

const recordSchema = z.object({
  name: z.string(),
  model: z.string(),
  options: z.looseObject({}),
  /** What was measured, in nats a test image. */
  measure: z.string(),
  goal: z.string(),
  published: z.string(),
  value: z.number(),
  /** Of the mean over the test images. */
  standardError: z.number(),
  /** Of training alone. */
  minutes: z.number(),
  steps: z.number(),
  cores: z.number(),
  peakMegabytes: z.number(),
  /** Minutes, and the loss of the validation rows. */
  curve: z.array(z.tuple([z.number(), z.number()])),
});

const file = join('docs', 'density-figures.json');
const wanted = process.argv.slice(2);
const chosen = densityFigures.filter(({ name }) => wanted.some((part) => name.includes(part)));
if (chosen.length === 0) {
  process.stderr.write(`Name the figures to measure:\n${densityFigures.map(({ name }) => `  ${name}\n`).join('')}`);
  process.exitCode = 2;
} else if (chosen.length > 1) {
  // Each in a process of its own, whose memory is its own.
  for (const { name } of chosen) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
} else for (const figure of chosen) await record(await measure(figure));

async function measure({ name, model: kind, options, fit, samples, measure: what, goal, published }: DensityFigure) {
  const open = (split: 'train' | 'valid' | 'test') => openDataset('binarized-mnist', { split });
  const [train, valid, test] = [await open('train'), await open('valid'), await open('test')];
  const model = createModel(kind, options);
  const start = performance.now();
  const minutes = () => (performance.now() - start) / 60_000;
  const curve: [number, number][] = [];
  const stop = new AbortController();
  const timer = fit.minutes === undefined ? undefined : setTimeout(() => stop.abort(), fit.minutes * 60_000);
  const { iterations, warnings } = await model.fit(train, {
    epochs: fit.epochs ?? 10_000,
    ...(fit.batchSize === undefined ? {} : { batchSize: fit.batchSize }),
    ...(fit.patience === undefined ? {} : { patience: fit.patience }),
    ...(fit.validates === false ? {} : { validation: valid }),
    seed: 0,
    signal: stop.signal,
    observer: {
      onMetrics({ step, metrics: { validationLoss } }) {
        if (validationLoss === undefined) return;
        curve.push([Number(minutes().toFixed(2)), Number(validationLoss.toFixed(3))]);
        process.stderr.write(
          `${name}: step ${step}, ${minutes().toFixed(1)} min, validation ${validationLoss.toFixed(2)}\n`,
        );
      },
    },
  });
  clearTimeout(timer);
  const trained = minutes();
  for (const warning of warnings) process.stderr.write(`${name}: ${warning}\n`);
  if (!(hasDensity(model) || hasBound(model))) throw new TypeError(`${kind} has no density and no bound.`);
  const { values } = await scoreRows(model, await rowsOf(test), {
    seed: 0,
    ...(samples === undefined ? {} : { samples }),
  });
  await model.dispose();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const value = -mean;
  process.stderr.write(`${name}: ${value.toFixed(2)} nats in ${trained.toFixed(1)} min\n`);
  return {
    name,
    model: kind,
    options,
    measure: what,
    goal,
    published,
    value,
    standardError: Math.sqrt(variance / values.length),
    minutes: trained,
    steps: iterations,
    cores: physicalCores(),
    peakMegabytes: Math.round(peakMegabytes()),
    curve,
  };
}

async function rowsOf(data: Dataset): Promise<Samples> {
  const { x } = await gatherAll(data);
  return { data: x, shape: [data.length, ...data.exampleShape] };
}

/** Puts a record into the file, in the order of the figures. */
async function record(measured: z.output<typeof recordSchema>): Promise<void> {
  const before = z.array(recordSchema).parse(JSON.parse(await readFile(file, 'utf8').catch(() => '[]')));
  const records = new Map([...before, measured].map((one) => [one.name, one]));
  const known = densityFigures.flatMap(({ name }) => records.get(name) ?? []);
  await writeFileAtomic(file, `${JSON.stringify(known, undefined, 1)}\n`);
}
