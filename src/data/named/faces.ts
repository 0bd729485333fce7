// Frey faces and Olivetti faces: grey photographs of faces in MATLAB files, one a column. Copies differ in how the file is packed, so
// the pixels are what is checked.
import { FileFormatError } from '../../core/errors.js';
import { arrayDataset } from '../array-dataset.js';
import { readMatlab } from '../formats/matlab.js';
import { contentOf, type FileEntry, type OriginalFile } from './entry.js';

/** The file with the matrix `variable`, of so many bytes. */
function matlabFile(url: string, variable: string, bytes: number, downloadBytes: number, sha256: string): OriginalFile {
  const name = url.slice(url.lastIndexOf('/') + 1);
  return {
    name,
    bytes,
    sha256,
    split: 'train',
    from: { name, url, bytes: downloadBytes, packing: 'none' },
    async extract(content, path) {
      const matrix = (await readMatlab(content, path))[variable];
      if (matrix === undefined) throw new FileFormatError(path, `has no matrix of bytes called "${variable}".`);
      return matrix.data;
    },
  };
}

const freyFile = matlabFile(
  'https://cs.nyu.edu/~roweis/data/frey_rawface.mat',
  'ff',
  1100400,
  1100584,
  '2438ba4f0d2a6bd8bac43de756141eaa33c8d248dd613d464bdb1210d9b7af78',
);

/** One person's face in the frames of a video, in their order; each column of the matrix is an image row by row. */
export const freyFaces: FileEntry = {
  kind: 'files',
  name: 'frey-faces',
  description: "frames of a video of one person's face, grey",
  licence: 'none stated at the origin',
  origin: 'https://cs.nyu.edu/~roweis/data.html',
  citation: 'Roweis, Saul and Hinton, Global coordination of local linear models (2002)',
  exampleShape: [28, 20, 1],
  lengths: { train: 1965 },
  files: [freyFile],
  assemble: (contents, _split, source) =>
    arrayDataset({ name: 'frey-faces', exampleShape: [28, 20, 1], data: contentOf(contents, freyFile.name), source }),
};

const side = 64;
const people = 40;
const photographsEach = 10;
const olivettiFile = matlabFile(
  'https://cs.nyu.edu/~roweis/data/olivettifaces.mat',
  'faces',
  1638400,
  1432511,
  'b119468c2f13775df12d3950e7c96644811647a6e10d30617777f245bf9b2f8b',
);
const olivettiClasses = Array.from({ length: people }, (_, person) => `person ${person + 1}`);

/** Ten photographs of each of forty people, one person after the other; each column of the matrix is an image column by column. */
export const olivettiFaces: FileEntry = {
  kind: 'files',
  name: 'olivetti-faces',
  description: 'ten photographs of each of forty faces, grey',
  licence: 'research use, credit AT&T Laboratories Cambridge',
  origin: 'https://cs.nyu.edu/~roweis/data.html',
  citation: 'Samaria and Harter, Parameterisation of a stochastic model for human face identification (1994)',
  exampleShape: [side, side, 1],
  classes: olivettiClasses,
  lengths: { train: people * photographsEach },
  files: [olivettiFile],
  assemble(contents, _split, source) {
    const columns = contentOf(contents, olivettiFile.name);
    const data = new Uint8Array(columns.length);
    const size = side * side;
    for (let start = 0; start < columns.length; start += size)
      for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++)
          data[start + row * side + column] = columns[start + column * side + row] ?? 0;
    return arrayDataset({
      name: 'olivetti-faces',
      exampleShape: [side, side, 1],
      data,
      labels: Int32Array.from({ length: data.length / size }, (_, row) => Math.floor(row / photographsEach)),
      classes: olivettiClasses,
      source,
    });
  },
};
