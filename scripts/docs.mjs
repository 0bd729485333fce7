// Writes the generated parts of the documentation: between <!-- generated:NAME --> and <!-- /generated --> in README.md and docs/*.md.
//   node scripts/docs.mjs           writes them
//   node scripts/docs.mjs --check   fails where they are not up to date
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecords } from '../dist/bench/density-figures/record.js';
import { densityText } from '../dist/bench/density-figures/report.js';
import { galleryText } from '../dist/bench/gallery.js';
import { benchText } from '../dist/bench/report.js';
import { namedDatasets } from '../dist/src/data/index.js';
import { capabilities } from '../dist/src/models/contract.js';
import { describeOptions, optionMeaning } from '../dist/src/models/definition.js';
import { shippedClassifiers } from '../dist/src/models/features/node/shipped-classifiers.js';
import { models } from '../dist/src/models/registry.js';

const table = (headings, rows) =>
  [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

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
  models: () =>
    Object.values(models)
      .map(({ kind, description, paper, schema }) => {
        const options = describeOptions(schema).map((option) => [
          `\`${option.name}\``,
          `\`${JSON.stringify(option.default)}\``,
          optionMeaning(option),
        ]);
        return `### \`${kind}\`\n\n${description} ${paper}.\n\n${table(['option', 'default', 'meaning'], options)}`;
      })
      .join('\n\n'),
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
  likelihoods: async () => densityText(await readRecords()),
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
