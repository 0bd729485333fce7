// What MNIST and the data sets made to replace it share: four IDX files, images and labels for training and test.
import { arrayDataset } from '../array-dataset.js';
import { readIdx } from '../formats/idx.js';
import { contentOf, type FileEntry, type OriginalFile } from './entry.js';

/** The names of the images and labels of each split. */
const names = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const;

/** Size and SHA-256 of one file, unpacked and as the .gz at its public address. */
interface FileFacts {
  readonly content: readonly [bytes: number, sha256: string];
  readonly gzip: readonly [bytes: number, sha256: string];
}

/** The four files of such a data set, at `address`. */
export function idxFiles(
  address: string,
  facts: Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', FileFacts>>,
): readonly OriginalFile[] {
  const file = (name: string, split: 'train' | 'test', { content, gzip }: FileFacts): OriginalFile => ({
    name,
    bytes: content[0],
    sha256: content[1],
    split,
    from: { name: `${name}.gz`, url: `${address}/${name}.gz`, bytes: gzip[0], sha256: gzip[1], packing: 'gzip' },
  });
  return [
    file(names.train[0], 'train', facts.trainImages),
    file(names.train[1], 'train', facts.trainLabels),
    file(names.test[0], 'test', facts.testImages),
    file(names.test[1], 'test', facts.testLabels),
  ];
}

/** Images and labels of a split as one data set. */
export function assembleIdx(name: string, classes: readonly string[]): FileEntry['assemble'] {
  return (contents, split, source) => {
    const [imagesName, labelsName] = names[split === 'test' ? 'test' : 'train'];
    const images = readIdx(contentOf(contents, imagesName), imagesName);
    const labels = readIdx(contentOf(contents, labelsName), labelsName);
    return arrayDataset({
      name,
      exampleShape: [images.shape[1] ?? 0, images.shape[2] ?? 0, 1],
      data: images.data,
      labels: labels.data,
      classes,
      source,
    });
  };
}
