// Digits: handwritten digits of 8 x 8 pixels of 0 to 16, here in [0, 1]. scikit-learn's load_digits is the test split.
import { arrayDataset } from '../array-dataset.js';
import { contentOf, type FileEntry } from './entry.js';
import { linesOf } from './plain-table.js';
import { uciFile } from './uci-file.js';

const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const pixels = 64;
const mostInk = 16;
const files = {
  train: uciFile('optdigits/optdigits.tra', 563639, 'e1b683cc211604fe8fd8c4417e6a69f31380e0c61d4af22e93cc21e9257ffedd'),
  test: uciFile(
    'optdigits/optdigits.tes',
    264712,
    '6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8',
    'test',
  ),
};

export const digits: FileEntry = {
  kind: 'files',
  name: 'digits',
  description: 'handwritten digits, small and grey',
  licence: 'CC BY 4.0',
  origin: 'https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits',
  citation: 'Alpaydin and Kaynak, Optical recognition of handwritten digits (1998)',
  exampleShape: [8, 8, 1],
  classes,
  lengths: { train: 3823, test: 1797 },
  files: [files.train, files.test],
  assemble(contents, split, source) {
    const file = split === 'test' ? files.test : files.train;
    const rows = linesOf(contentOf(contents, file.name))
      .filter((line) => line !== '')
      .map((line) => line.split(',').map(Number));
    return arrayDataset({
      name: 'digits',
      exampleShape: [8, 8, 1],
      data: Float32Array.from(rows.flatMap((row) => row.slice(0, pixels).map((ink) => ink / mostInk))),
      labels: rows.map((row) => row[pixels] ?? -1),
      classes,
      source,
    });
  },
};
