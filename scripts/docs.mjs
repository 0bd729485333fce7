// Writes the generated parts of the documentation: between <!-- generated:NAME --> and <!-- /generated --> in README.md and docs/*.md.
//   node scripts/docs.mjs           writes them
//   node scripts/docs.mjs --check   fails where they are not up to date
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGallery } from '../dist/bench/adversarial-gallery/record.js';
import { presetGalleryText } from '../dist/bench/adversarial-gallery.js';
import { readRecords } from '../dist/bench/density-figures/record.js';
import { densityText } from '../dist/bench/density-figures/report.js';
import { galleryText } from '../dist/bench/gallery.js';
import { readRecords as readGanRecords } from '../dist/bench/gan-figures/record.js';
import { ganText } from '../dist/bench/gan-figures/report.js';
import { benchText } from '../dist/bench/report.js';
import { namedDatasets } from '../dist/src/data/index.js';
import { metrics } from '../dist/src/metrics/index.js';
import { capabilities } from '../dist/src/models/contract.js';
import { describeOptions, optionMeaning } from '../dist/src/models/definition.js';
import { shippedClassifiers } from '../dist/src/models/features/node/shipped-classifiers.js';
import { models } from '../dist/src/models/registry.js';

const table = (headings, rows) =>
  [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const metricHeadings = ['metric', 'what it measures', 'better', 'range', 'unit', 'needs', 'rows', 'cost', 'source'];

const metricCells = (metric) => [
  `**${metric.title}**<br>\`${metric.name}\``,
  `${metric.measures}${metric.usesFeatures ? ' In a feature space.' : ''}`,
  metric.better,
  metric.range.map((end) => (Number.isFinite(end) ? String(end).replace('-', '−') : end > 0 ? '∞' : '−∞')).join(' to '),
  metric.unit,
  metric.needs.map((need) => `\`${need}\``).join(', '),
  `≥ ${metric.minimumRows}`,
  `${costText(metric.estimateSeconds(usualInputs))}`,
  metric.source,
];

/** What an evaluation on MNIST looks at: 10 000 rows of each, features and codes of 64 numbers, images of 28 x 28. */
const usualInputs = (() => {
  const rows = 10_000;
  const features = { data: new Float64Array(rows * 64), rows, width: 64 };
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 10);
  const classes = { data: new Float64Array(rows * 10), rows, classes: 10 };
  for (let row = 0; row < rows; row++) classes.data[row * 10 + (row % 10)] = 1;
  const images = { data: new Float32Array(rows * 784), shape: [rows, 28, 28, 1] };
  const codes = { codes: features, labels };
  const likelihoods = {
    values: new Float64Array(rows),
    quantity: 'exact',
    isDiscrete: true,
    dimensions: 784,
    levels: 256,
  };
  return {
    ...{ real: features, samples: features, training: features, realLabels: labels, sampleLabels: labels },
    ...{ realClasses: classes, sampleClasses: classes, trainingCodes: codes, realCodes: codes },
    ...{ originals: images, reconstructions: images, likelihoods },
  };
})();

/** Seconds, to one digit: nobody can tell more. */
const costText = (seconds) => (seconds < 0.1 ? '< 0.1 s' : `${Number(seconds.toPrecision(1))} s`);

/** The options of a model; of one that has those of an earlier model, only what differs. */
const optionsText = (kind, options, described) => {
  const key = options.map(({ name }) => name).join();
  const earlier = described.get(key);
  if (earlier === undefined) described.set(key, { kind, options });
  const standard = earlier?.options.map((option) => JSON.stringify(option.default));
  const rows = options
    .filter((option, index) => JSON.stringify(option.default) !== standard?.[index])
    .map((option) => [`\`${option.name}\``, `\`${JSON.stringify(option.default)}\``, optionMeaning(option)]);
  const text = table(['option', 'default', 'meaning'], rows);
  return earlier === undefined ? text : `The options of \`${earlier.kind}\`, with other defaults:\n\n${text}`;
};

/** The generated parts by name. */
const parts = {
  capabilities: () => {
    const names = Object.keys(capabilities);
    const rows = Object.values(models).map(({ kind, create }) => {
      const model = create();
      return [`\`${kind}\``, ...names.map((name) => (capabilities[name](model) ? 'yes' : ''))];
    });
    return table(['model', ...names], rows);
  },
  models: () => {
    const described = new Map();
    return Object.values(models)
      .map(({ kind, description, strengths, weaknesses, paper, schema }) => {
        const about = `### \`${kind}\`\n\n${description} ${paper}.\n\nGood for: ${strengths}\n\nBad for: ${weaknesses}`;
        return `${about}\n\n${optionsText(kind, describeOptions(schema), described)}`;
      })
      .join('\n\n');
  },
  datasets: () =>
    table(
      ['name', 'rows', 'shape', 'licence', 'what it is'],
      Object.values(namedDatasets).map(({ name, description, exampleShape, licence, lengths }) => [
        `\`${name}\``,
        lengths === undefined
          ? 'any'
          : Object.entries(lengths)
              .map(([split, count]) => `${count} ${split}`)
              .join(', '),
        exampleShape.join('x'),
        licence,
        description,
      ]),
    ),
  figures: () =>
    table(
      ['data and model', 'measure', 'reached', 'goal', 'minutes'],
      JSON.parse(readFileSync(join('docs', 'figures.json'), 'utf8')).map(({ name, measure, value, goal, minutes }) => [
        name,
        measure,
        value.toFixed(4),
        goal,
        minutes.toFixed(1),
      ]),
    ),
  adversarial: async () => ganText(await readGanRecords()),
  likelihoods: async () => densityText(await readRecords()),
  metrics: () =>
    [...new Set(metrics.map(({ topic }) => topic))]
      .map((topic) => {
        const rows = metrics.filter((metric) => metric.topic === topic).map(metricCells);
        return `### ${topic[0].toUpperCase()}${topic.slice(1)}\n\n${table(metricHeadings, rows)}`;
      })
      .join('\n\n'),
  classifiers: () =>
    table(
      ['feature space', 'trained on', 'test accuracy', 'goal', 'epochs', 'minutes', 'kilobytes'],
      Object.keys(shippedClassifiers).map((name) => {
        const folder = join('weights', name);
        const { data, testAccuracy, goal, epochs, minutes } = JSON.parse(
          readFileSync(join(folder, 'accuracy.json'), 'utf8'),
        );
        const bytes = statSync(join(folder, 'weights.safetensors')).size;
        const percent = (share) => `${Number((100 * share).toFixed(2))} %`;
        return [
          `\`${name}\``,
          `\`${data}\``,
          percent(testAccuracy),
          percent(goal),
          epochs,
          minutes.toFixed(1),
          Math.round(bytes / 1000),
        ];
      }),
    ),
  pictures: galleryText,
  presets: async () => presetGalleryText(await readGallery()),
  benchmarks: () => benchText(JSON.parse(readFileSync(join('docs', 'benchmarks.json'), 'utf8'))).trim(),
};

const isCheck = process.argv.includes('--check');
const files = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
let stale = 0;
for (const file of files.filter(existsSync)) {
  const before = readFileSync(file, 'utf8');
  const written = new Map();
  for (const [, name] of before.matchAll(/<!-- generated:(\w+) -->/g)) {
    if (parts[name] === undefined)
      throw new Error(`${file}: there is no generated part "${name}"; known: ${Object.keys(parts).join(', ')}`);
    written.set(name, await parts[name]());
  }
  const after = before.replaceAll(
    /<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g,
    (_, name) => `<!-- generated:${name} -->\n${written.get(name)}\n<!-- /generated -->`,
  );
  if (after === before) continue;
  stale += 1;
  if (isCheck) console.error(`${file} is not up to date: run "npm run docs".`);
  else writeFileSync(file, after);
}
console.log(
  isCheck
    ? `documentation: ${stale === 0 ? 'up to date' : `${stale} files are stale`}`
    : `documentation: ${stale} files written`,
);
process.exitCode = isCheck && stale > 0 ? 1 : 0;
