// The named tables and images of other files, from lines made as theirs are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherAll } from '../dataset.js';
import type { TableOptions } from '../table/options.js';
import { adult } from './adult.js';
import { binarizedMnist } from './binarized-mnist.js';
import { digits } from './digits.js';
import type { FileEntry, Split } from './entry.js';
import { freyFaces, olivettiFaces } from './faces.js';
import { namedDatasets } from './index.js';
import { ionosphere } from './ionosphere.js';
import { iris } from './iris.js';
import { wine } from './wine.js';

const from = (entry: FileEntry, content: string | Uint8Array, split: Split = 'train', options?: TableOptions) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const [file] = entry.files.filter((candidate) => candidate.split === split);
  assert.ok(file !== undefined);
  return entry.assemble(new Map([[file.name, bytes]]), split, { description: 'a test' }, options);
};
const content = async (...parameters: Parameters<typeof from>) => {
  const data = from(...parameters);
  const { x, labels } = await gatherAll(data);
  return { data, x: [...x], classes: Array.from(labels ?? [], (label) => data.classes?.[label]) };
};

test('every entry says truly what its rows are', () => {
  for (const entry of Object.values(namedDatasets)) {
    assert.ok(entry.origin.startsWith('http'), entry.name);
    if (entry.kind === 'generated') continue;
    const splits = new Set(entry.files.map(({ split }) => split));
    assert.deepEqual([...splits].sort(), Object.keys(entry.lengths).sort(), entry.name);
    for (const { sha256, from: source, extract } of entry.files) {
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(source.sha256 !== undefined || extract !== undefined, `${entry.name} is never checked`);
    }
  }
});

test('iris has its name last, wine its class first; both end with empty lines', async () => {
  const flowers = await content(iris, '5.1,3.5,1.4,0.2,Iris-setosa\n5.9,3.0,5.1,1.8,Iris-virginica\n\n');
  assert.deepEqual(flowers.x, [...Float32Array.of(5.1, 3.5, 1.4, 0.2, 5.9, 3, 5.1, 1.8)]);
  assert.deepEqual(flowers.classes, ['Iris-setosa', 'Iris-virginica']);
  assert.deepEqual(flowers.data.table?.label?.position, 4);
  const wines = await content(wine, '3,14.23,1.71,2.43,15.6,127,2.8,3.06,.28,2.29,5.64,1.04,3.92,1065\n');
  assert.deepEqual([wines.data.exampleShape, wines.classes, wines.x[7]], [[13], ['3'], Math.fround(0.28)]);
  assert.deepEqual(wines.data.table?.label?.position, 0);
  const scaled = await content(iris, '5,3,1,0,Iris-setosa\n7,3,3,0,Iris-setosa\n', 'train', { standardise: true });
  assert.deepEqual(scaled.x, [-1, 0, -1, 0, 1, 0, 1, 0]);
});

test('ionosphere keeps its constant column', async () => {
  const numbers = Array.from({ length: 34 }, (_, i) => (i === 1 ? 0 : (i - 17) / 17));
  const { x, classes } = await content(ionosphere, `${numbers.join(',')},b\n${numbers.join(',')},g\n`);
  assert.deepEqual([x.length, x[1], x[0], classes], [68, 0, -1, ['b', 'g']]);
});

const person =
  '39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, United-States, <=50K';
const unknown = '25, ?, 226802, 11th, 7, Never-married, ?, Own-child, Black, Male, 0, 0, 40, ?, >50K';

test('adult: the test file begins with a remark and ends its classes with a full stop', async () => {
  const train = await content(adult, `${person}\n${unknown}\n\n`);
  const test_ = await content(adult, `|1x3 Cross validator\n${person}.\n${unknown}.\n\n`, 'test');
  assert.deepEqual(test_.x, train.x);
  assert.deepEqual(
    [train.classes, test_.classes],
    [
      ['<=50K', '>50K'],
      ['<=50K', '>50K'],
    ],
  );
  // 6 numbers, 8 categorical columns with 8 + 16 + 7 + 14 + 6 + 5 + 2 + 41 categories, and "unknown" in three of them.
  assert.deepEqual(train.data.exampleShape, adult.exampleShape);
  assert.equal(adult.exampleShape[0], 6 + 8 + 16 + 7 + 14 + 6 + 5 + 2 + 41 + 3);
  const unknowns = train.data.table?.columns.filter(({ missing }) => missing > 0).map(({ name }) => name);
  assert.deepEqual(unknowns, ['workclass', 'occupation', 'native-country']);
  const known = await content(adult, `${person}\n${unknown}\n`, 'train', { missing: 'drop', categorical: 'codes' });
  assert.deepEqual([known.data.length, known.data.exampleShape], [1, [14]]);
});

test('digits are images of 0 to 16 in [0, 1]', async () => {
  const ink = Array.from({ length: 64 }, (_, i) => i % 17);
  for (const split of ['train', 'test'] as const) {
    const { data, x, classes } = await content(digits, `${ink.join(',')},7\n${ink.join(',')},0\n`, split);
    assert.deepEqual(
      [data.exampleShape, classes],
      [
        [8, 8, 1],
        ['7', '0'],
      ],
    );
    assert.deepEqual(
      x.slice(0, 17),
      ink.slice(0, 17).map((value) => value / 16),
    );
  }
});

test('binarized MNIST is text of 0 and 1', async () => {
  const line = Array.from({ length: 784 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const { data, x } = await content(binarizedMnist, `${line.join(' ')} \n${line.join(' ')} \n`, 'valid');
  assert.deepEqual([data.length, data.exampleShape, data.labels], [2, [28, 28, 1], undefined]);
  assert.deepEqual(x, [...line, ...line]);
  assert.throws(() => from(binarizedMnist, '0 1 2'), {
    name: 'FileFormatError',
    message: /something else than 0 and 1/,
  });
});

test('faces: those of Frey lie row by row, those of Olivetti column by column', async () => {
  const frame = Uint8Array.from({ length: 560 }, (_, i) => i % 256);
  assert.deepEqual((await content(freyFaces, frame)).x.slice(0, 3), [0, Math.fround(1 / 255), Math.fround(2 / 255)]);
  const photograph = Uint8Array.from({ length: 4096 }, (_, i) => Math.floor(i / 64));
  const people = new Uint8Array(11 * 4096);
  people.set(photograph, 10 * 4096);
  const { x, classes } = await content(olivettiFaces, people);
  assert.deepEqual(classes.slice(8), ['person 1', 'person 1', 'person 2']);
  // Each column of the file is a column of the picture, so a row of the picture counts up.
  const row = Array.from({ length: 64 }, (_, i) => Math.fround(i / 255));
  assert.deepEqual(x.slice(10 * 4096, 10 * 4096 + 64), row);
});
