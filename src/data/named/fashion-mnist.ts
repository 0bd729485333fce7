// Fashion-MNIST: grey images of clothes, 28 x 28, in the files and sizes of MNIST.
// Xiao, Rasul and Vollgraf 2017, Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms.
import type { FileEntry } from './entry.js';
import { assembleIdx, idxFiles } from './idx-images.js';

const classes = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

export const fashionMnist: FileEntry = {
  kind: 'files',
  name: 'fashion-mnist',
  description: 'pieces of clothing, grey',
  licence: 'MIT',
  origin: 'https://github.com/zalandoresearch/fashion-mnist',
  citation: 'Xiao, Rasul and Vollgraf, Fashion-MNIST (2017), arXiv:1708.07747',
  exampleShape: [28, 28, 1],
  classes,
  lengths: { train: 60000, test: 10000 },
  files: idxFiles('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com', {
    trainImages: {
      content: [47040016, 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888'],
      gzip: [26421880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
    },
    trainLabels: {
      content: [60008, 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9'],
      gzip: [29515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
    },
    testImages: {
      content: [7840016, '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b'],
      gzip: [4422102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
    },
    testLabels: {
      content: [10008, '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'],
      gzip: [5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
    },
  }),
  assemble: assembleIdx('fashion-mnist', classes),
};
