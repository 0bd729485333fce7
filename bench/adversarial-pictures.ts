// Draws what the presets of the adversarial family make after a minute or two each, for docs/pictures.md.
//   node dist/bench/adversarial-pictures.js [part of a model's name ...]     writes docs/images/preset-*.png and docs/adversarial-gallery.json
//   node dist/bench/adversarial-pictures.js --try MINUTES [...]     trains for so long only, and writes nothing
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gatherAll, subset, writeFileAtomic } from '../src/data/index.js';
import { openDataset } from '../src/index.js';
import { AdversarialModel } from '../src/models/adversarial/adversarial-model.js';
import { createModel } from '../src/models/registry.js';
import { drawSheet } from './adversarial-gallery/draw-sheet.js';
import { addToGallery } from './adversarial-gallery/record.js';
import { type PresetExhibit, presetFile, presetGallery } from './adversarial-gallery.js';
import { startBudget } from './figure-runs/budget.js';
import { smallPng } from './small-png.js';

const goalCores = 2;
const colours = 16;
const sampleSeed = 1;
const limitRows = 2000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { try: { type: 'string' } } });
for (const exhibit of presetGallery)
  if (positionals.length === 0 || positionals.some((part) => exhibit.model.includes(part))) await exhibitOne(exhibit);

async function exhibitOne(exhibit: PresetExhibit): Promise<void> {
  const { model: kind, data, options, batchSize, rows } = exhibit;
  const train = await openDataset(data);
  const model = createModel(kind, { ...options });
  if (!(model instanceof AdversarialModel)) throw new TypeError(`${kind} is no adversarial model.`);
  const budget = startBudget(values.try === undefined ? exhibit.minutes : Number(values.try));
  const { iterations: steps } = await model.fit(train, { epochs: 1000, batchSize, seed: 0, signal: budget.signal });
  budget.end();
  const { processorMinutes, cores } = budget.taken();
  const minutes = (processorMinutes * cores) / goalCores;
  const some = subset(train, Math.min(limitRows, train.length));
  const real = { data: (await gatherAll(some)).x, shape: [some.length, ...some.exampleShape] };
  const file = await smallPng(await drawSheet(model, { rows, seed: sampleSeed }, real), colours);
  await model.dispose();
  process.stderr.write(`${kind}: ${steps} steps in ${minutes.toFixed(2)} minutes, ${file.length} bytes\n`);
  if (values.try !== undefined) return;
  await writeFileAtomic(join('docs', 'images', presetFile(exhibit)), file);
  await addToGallery(
    { name: kind, options: { ...options }, steps, minutes },
    presetGallery.map(({ model }) => model),
  );
}
