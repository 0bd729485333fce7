// Ionosphere: radar returns, 17 complex numbers each, that show structure in the ionosphere (g) or do not (b). The second column is
// always 0.
import { contentOf, type FileEntry } from './entry.js';
import { assembleTable, linesOf } from './plain-table.js';
import { uciFile } from './uci-file.js';

const classes = ['g', 'b'];
const file = uciFile(
  'ionosphere/ionosphere.data',
  76467,
  '46d52186b84e20be52918adb93e8fb9926b34795ff7504c24350ae0616a04bbd',
);

export const ionosphere: FileEntry = {
  kind: 'files',
  name: 'ionosphere',
  description: 'radar returns, good (g) and bad (b): the usual test of anomaly detection, b being the anomalies',
  licence: 'CC BY 4.0',
  origin: 'https://archive.ics.uci.edu/dataset/52/ionosphere',
  citation: 'Sigillito, Wing, Hutton and Baker, Classification of radar returns from the ionosphere (1989)',
  exampleShape: [34],
  classes,
  lengths: { train: 351 },
  files: [file],
  assemble: (contents, _split, source, options) =>
    assembleTable(
      {
        name: 'ionosphere',
        names: [...Array.from({ length: 34 }, (_, i) => `x${i + 1}`), 'class'],
        label: 'class',
        columns: { class: classes },
      },
      linesOf(contentOf(contents, file.name)),
      source,
      options,
    ),
};
