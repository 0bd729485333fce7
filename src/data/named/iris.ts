// Iris: lengths and widths of the sepals and petals of three species. This is UCI's file, with its two known differences from Fisher's
// table (rows 35 and 38).
import { contentOf, type FileEntry } from './entry.js';
import { assembleTable, linesOf } from './plain-table.js';
import { uciFile } from './uci-file.js';

const classes = ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'];
const file = uciFile('iris/iris.data', 4551, '6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0');

export const iris: FileEntry = {
  kind: 'files',
  name: 'iris',
  description: 'measures of iris flowers of three species',
  licence: 'CC BY 4.0',
  origin: 'https://archive.ics.uci.edu/dataset/53/iris',
  citation: 'Fisher, The use of multiple measurements in taxonomic problems (1936)',
  exampleShape: [4],
  classes,
  lengths: { train: 150 },
  files: [file],
  assemble: (contents, _split, source, options) =>
    assembleTable(
      {
        name: 'iris',
        names: ['sepal length', 'sepal width', 'petal length', 'petal width', 'class'],
        label: 'class',
        columns: { class: classes },
      },
      linesOf(contentOf(contents, file.name)),
      source,
      options,
    ),
};
