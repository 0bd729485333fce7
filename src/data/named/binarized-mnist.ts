// Binarized MNIST: each pixel of MNIST drawn once as 0 or 1 with its brightness as the probability, as Salakhutdinov and Murray 2008
// did it; the fixed draws that densities of binary images are compared on. No labels; the test images come in the order of their digits.
import { FileFormatError } from '../../core/errors.js';
import { arrayDataset } from '../array-dataset.js';
import { contentOf, type FileEntry, type OriginalFile, type Split } from './entry.js';

const pixels = 784;
const zero = 48;
const one = 49;

const fileOf = (split: Split, rows: number, sha256: string): OriginalFile => {
  const name = `binarized_mnist_${split}.amat`;
  const bytes = rows * pixels * 2;
  const url = `http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/${name}`;
  return { name, bytes, sha256, split, from: { name, url, bytes, sha256, packing: 'none' } };
};

export const binarizedMnist: FileEntry = {
  kind: 'files',
  name: 'binarized-mnist',
  description: 'handwritten digits, black and white, in fixed draws',
  licence: 'none stated at the origin',
  origin: 'http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/',
  citation: 'Salakhutdinov and Murray, On the quantitative analysis of deep belief networks (2008)',
  exampleShape: [28, 28, 1],
  lengths: { train: 50000, valid: 10000, test: 10000 },
  files: [
    fileOf('train', 50000, 'ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d'),
    fileOf('valid', 10000, '1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2'),
    fileOf('test', 10000, 'e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c'),
  ],
  assemble(contents, split, source) {
    const name = `binarized_mnist_${split}.amat`;
    const data = readBits(contentOf(contents, name), name);
    return arrayDataset({ name: 'binarized-mnist', exampleShape: [28, 28, 1], data, source });
  },
};

/** Text of 0 and 1 between blanks as pixels of 0 and 255. */
function readBits(text: Uint8Array, path: string): Uint8Array {
  const data = new Uint8Array(Math.ceil(text.length / 2));
  let count = 0;
  for (const byte of text) {
    if (byte === one) data[count++] = 255;
    else if (byte === zero) count += 1;
    else if (byte > 32) throw new FileFormatError(path, 'holds something else than 0 and 1.');
  }
  return data.subarray(0, count);
}
