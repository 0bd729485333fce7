// Figures of the adversarial family, trained and measured anew: modes of mixtures in the plane, digits that were asked for, distances of
// samples from test images. A figure takes from a minute to hours.
//   node dist/bench/gan-figures.js <part of a name ...>     writes docs/gan-figures.json; `npm run docs` puts it into the documentation
//   node dist/bench/gan-figures.js <part of a name ...> --try MINUTES     trains for so long only, with the first seed, and records nothing
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/data/index.js';
import { encodePng, imageGrid } from '../src/plot/index.js';
import { runFigures } from './figure-runs/run-figures.js';
import type { GanFigure } from './gan-figures/figure.js';
import { ganFigures } from './gan-figures/figures.js';
import { openCourt } from './gan-figures/judge.js';
import { inWords } from './gan-figures/quantities.js';
import { addRecord, type GanRecord } from './gan-figures/record.js';
import { type Trained, trainOnce } from './gan-figures/train.js';
import { peakMegabytes } from './peak-memory.js';
import { smallPng } from './small-png.js';

/** Images of a sheet, and the colours of its file. */
const [shown, colours] = [64, 128];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { try: { type: 'string' } } });
await runFigures({
  program: import.meta.url,
  figures: ganFigures,
  wanted: positionals,
  options: values.try === undefined ? [] : ['--try', values.try],
  measure: async (figure) => {
    if (values.try !== undefined) return void (await recordOf(shortened(figure, Number(values.try))));
    const { record, first } = await recordOf(figure);
    const { picture } = figure;
    if (picture !== undefined) await writeSheet(join('docs', 'images', picture.file), first);
    await addRecord(record);
  },
});

function shortened(figure: GanFigure, minutes: number): GanFigure {
  return { ...figure, seeds: figure.seeds.slice(0, 1), fit: { ...figure.fit, minutes } };
}

/** Trains with every seed and judges the samples. */
async function recordOf(figure: GanFigure): Promise<{ readonly record: GanRecord; readonly first: Trained }> {
  const { name, model, options, data, standardised = false, fit, seeds, samples, measures, picture = null } = figure;
  const court = await openCourt(data);
  const wanted = measures.map(({ of }) => of);
  const trainings: Trained[] = [];
  const answers: number[][] = [];
  for (const seed of seeds) {
    const trained = await trainOnce(figure, seed);
    const judged = await court.judge(trained.samples, wanted);
    trainings.push(trained);
    answers.push(judged);
    process.stderr.write(
      `${name}, seed ${seed}: ${judged.map((value, i) => `${wanted[i]} ${inWords(wanted[i] ?? 'fid', value)}`).join(', ')} ` +
        `after ${trained.steps} steps in ${trained.taken.minutes.toFixed(1)} min\n`,
    );
  }
  const [first] = trainings;
  if (first === undefined) throw new TypeError(`${name} has no seeds.`);
  const real = await court.judge(await court.real(samples), wanted);
  await court.dispose();
  const record: GanRecord = {
    ...{
      name,
      model,
      options: { ...options },
      data,
      standardised,
      batchSize: fit.batchSize,
      seeds: [...seeds],
      samples,
      picture,
    },
    measures: measures.map(({ of, goal = null }, i) => ({
      ...{ of, goal },
      values: answers.map((judged) => judged[i] ?? Number.NaN),
      real: real[i] ?? Number.NaN,
    })),
    minutes: trainings.map(({ taken }) => taken.minutes),
    processorMinutes: trainings.map(({ taken }) => taken.processorMinutes),
    steps: trainings.map(({ steps }) => steps),
    cores: first.taken.cores,
    peakMegabytes: Math.round(peakMegabytes()),
  };
  return { record, first };
}

async function writeSheet(path: string, { samples: { data, shape } }: Trained): Promise<void> {
  const [, ...size] = shape;
  const length = size.reduce((product, side) => product * side, shown);
  const grid = imageGrid({ data: data.subarray(0, length), shape: [shown, ...size] }, { scale: 2, padding: 2 });
  const file = await smallPng(await encodePng(grid), colours);
  await writeFileAtomic(path, file);
  process.stderr.write(`${path}: ${file.length} bytes\n`);
}
