// CIFAR-10: colour photographs of ten kinds of thing, 32 x 32.
// Krizhevsky 2009, Learning multiple layers of features from tiny images. The members of the archive are checked one by one, because
// copies of the archive differ in their packing.
import { arrayDataset } from '../array-dataset.js';
import { cifarShape, readCifar } from '../formats/cifar-binary.js';
import { contentOf, type FileEntry, type OriginalFile, type PublicFile, type Split } from './entry.js';

const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

const archive: PublicFile = {
  name: 'cifar-10-binary.tar.gz',
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  bytes: 170052171,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  packing: 'tar.gz',
};

const member = (name: string, split: Split, sha256: string): OriginalFile => ({
  name: `cifar-10-batches-bin/${name}`,
  bytes: 30730000,
  sha256,
  split,
  from: archive,
});

const files = [
  member('data_batch_1.bin', 'train', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
  member('data_batch_2.bin', 'train', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
  member('data_batch_3.bin', 'train', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
  member('data_batch_4.bin', 'train', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
  member('data_batch_5.bin', 'train', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
  member('test_batch.bin', 'test', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b'),
];

export const cifar10: FileEntry = {
  kind: 'files',
  name: 'cifar-10',
  description: 'photographs of animals and vehicles, colour',
  licence: 'none stated; cite the report',
  origin: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  citation: 'Krizhevsky, Learning multiple layers of features from tiny images (2009)',
  exampleShape: cifarShape,
  classes,
  lengths: { train: 50000, test: 10000 },
  files,
  assemble(contents, split, source) {
    const parts = files
      .filter((file) => file.split === split)
      .map((file) => readCifar(contentOf(contents, file.name), file.name));
    const labels = new Uint8Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
    const data = new Uint8Array(parts.reduce((sum, part) => sum + part.images.length, 0));
    let row = 0;
    let pixel = 0;
    for (const part of parts) {
      labels.set(part.labels, row);
      data.set(part.images, pixel);
      row += part.labels.length;
      pixel += part.images.length;
    }
    return arrayDataset({ name: 'cifar-10', exampleShape: cifarShape, data, labels, classes, source });
  },
};
