// Wine: chemical analyses of wines of three growers in one region of Italy. The class comes first in the file.
import { contentOf, type FileEntry } from './entry.js';
import { assembleTable, linesOf } from './plain-table.js';
import { uciFile } from './uci-file.js';

const classes = ['1', '2', '3'];
const names = [
  'class',
  'alcohol',
  'malic acid',
  'ash',
  'alcalinity of ash',
  'magnesium',
  'total phenols',
  'flavanoids',
  'nonflavanoid phenols',
  'proanthocyanins',
  'colour intensity',
  'hue',
  'OD280/OD315 of diluted wines',
  'proline',
];
const file = uciFile('wine/wine.data', 10782, '6be6b1203f3d51df0b553a70e57b8a723cd405683958204f96d23d7cd6aea659');

export const wine: FileEntry = {
  kind: 'files',
  name: 'wine',
  description: 'chemical analyses of wines of three growers',
  licence: 'CC BY 4.0',
  origin: 'https://archive.ics.uci.edu/dataset/109/wine',
  citation: 'Aeberhard and Forina, Wine (1991)',
  exampleShape: [13],
  classes,
  lengths: { train: 178 },
  files: [file],
  assemble: (contents, _split, source, options) =>
    assembleTable(
      { name: 'wine', names, label: 'class', columns: { class: classes } },
      linesOf(contentOf(contents, file.name)),
      source,
      options,
    ),
};
