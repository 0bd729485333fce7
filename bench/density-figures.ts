// Likelihoods of the deep models, trained and measured anew: the weights are those of the step that is best on the validation rows, the
// test rows are looked at once, at the end. A figure takes from minutes to an hour.
//   node dist/bench/density-figures.js <part of a name ...>     writes docs/density-figures.json; `npm run docs` puts it into the documentation
import type { DensityFigure } from './density-figures/figure.js';
import { densityFigures, recordName } from './density-figures/figures.js';
import { measureFigure } from './density-figures/measure-figure.js';
import { addRecords, type DensityRecord } from './density-figures/record.js';
import { trainFigure } from './density-figures/train-figure.js';
import { runFigures } from './figure-runs/run-figures.js';
import { peakMegabytes } from './peak-memory.js';

await runFigures({
  program: import.meta.url,
  figures: densityFigures,
  wanted: process.argv.slice(2),
  measure: async (figure) => addRecords(await recordsOf(figure)),
});

async function recordsOf(figure: DensityFigure): Promise<DensityRecord[]> {
  const { name, model: kind, options, data, measures } = figure;
  const { model, training } = await trainFigure(figure);
  const start = performance.now();
  const estimates = await measureFigure(model, figure);
  const scoringMinutes = (performance.now() - start) / 60_000;
  await model.dispose();
  return measures.flatMap((measure, i) => {
    const estimate = estimates[i];
    if (estimate === undefined) return [];
    const { unit, text, goal = '', published } = measure;
    process.stderr.write(
      `${recordName(name, measure)}: ${estimate.value.toFixed(3)} ± ${estimate.standardError.toFixed(3)} ${unit} in ` +
        `${training.minutes.toFixed(1)} min\n`,
    );
    return [
      {
        name: recordName(name, measure),
        model: kind,
        options,
        data,
        measure: text,
        unit,
        goal,
        published,
        ...estimate,
        ...training,
        scoringMinutes,
        peakMegabytes: Math.round(peakMegabytes()),
      },
    ];
  });
}
