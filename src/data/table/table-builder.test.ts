import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../dataset.js';
import { gatherAll } from '../dataset.js';
import type { TableOptions } from './options.js';
import { TableBuilder } from './table-builder.js';

const read = (text: string, options: TableOptions = {}, memoryBudget?: number): Dataset => {
  const builder = new TableBuilder(
    { path: 'x.csv', delimiter: ',', ...(memoryBudget === undefined ? {} : { memoryBudget }) },
    options,
  );
  for (const [i, line] of text.split('\n').entries()) builder.add(line.split(','), i + 1);
  return builder.finish('x', { description: 'a test' });
};
const rows = async (data: Dataset) => [...(await gatherAll(data)).x];

test('columns are told apart: numbers, whole numbers, categories, codes', async () => {
  const data = read('size,count,colour,postcode\n1.50,3,red,01067\n2.25,-4,blue,20095\n0.75,10,red,01067');
  assert.deepEqual(data.table?.columns, [
    { name: 'size', kind: 'numeric', missing: 0, min: 0.75, max: 2.25, decimals: 2, isPadded: true },
    { name: 'count', kind: 'integer', missing: 0, min: -4, max: 10, decimals: 0, isPadded: true },
    { name: 'colour', kind: 'categorical', missing: 0, categories: ['blue', 'red'] },
    { name: 'postcode', kind: 'categorical', missing: 0, categories: ['01067', '20095'] },
  ]);
  assert.deepEqual(data.exampleShape, [6]);
  assert.deepEqual(await rows(data), [1.5, 3, 0, 1, 1, 0, 2.25, -4, 1, 0, 0, 1, 0.75, 10, 0, 1, 1, 0]);
});

test('categories as codes; columns as they are declared', async () => {
  const text = 'a,b,c\n1,x,7\n10,y,8\n2,x,9';
  const data = read(text, { categorical: 'codes', columns: { a: 'categorical', c: 'ignore' } });
  // Numbers as categories are in the order of numbers.
  assert.deepEqual(data.table?.columns[0]?.categories, ['1', '2', '10']);
  assert.deepEqual(await rows(data), [0, 0, 2, 1, 1, 0]);
  const listed = read(text, { columns: { b: ['y', 'x', 'z'], a: 'numeric' } });
  assert.deepEqual(await rows(listed), [1, 0, 1, 0, 7, 10, 1, 0, 0, 8, 2, 0, 1, 0, 9]);
  assert.throws(() => read('a\nblue\ngren', { columns: { a: ['blue', 'green'] } }), {
    name: 'FileFormatError',
    message: /line 3: column "a" holds the category "gren".*not one of the 2 known \(the nearest is "green"\)/,
  });
  assert.throws(() => read(text, { columns: { d: 'ignore' } }), {
    name: 'UnknownNameError',
    message: /Unknown column "d"/,
  });
});

test('the label by name and by place from either end', async () => {
  const text = 'kind,a\nu,1\nv,2\nu,3';
  for (const label of ['kind', 0, '0', -2]) {
    const data = read(text, { label });
    assert.deepEqual(
      [data.classes, [...(data.labels ?? [])], await rows(data)],
      [
        ['u', 'v'],
        [0, 1, 0],
        [1, 2, 3],
      ],
    );
    assert.deepEqual(data.table?.label, { name: 'kind', position: 0, classes: ['u', 'v'] });
  }
  // Numbers are classes too.
  assert.deepEqual(read('a,10\nb,9', { label: 1, header: false }).classes, ['9', '10']);
  assert.throws(() => read(text, { label: 'knd' }), { name: 'UnknownNameError', message: /Did you mean "kind"/ });
  assert.throws(() => read(text, { label: 2 }), { name: 'ConfigError', message: /2 columns are numbered from 0/ });
  assert.throws(() => read('a\n1', { label: 'a' }), { name: 'DatasetError', message: /no columns besides the label/ });
});

test('without a header columns are x1, x2, ...; given names stand for one', () => {
  const names = (data: Dataset) => data.table?.columns.map(({ name }) => name);
  const data = read('1,2\n3,4');
  assert.deepEqual([names(data), data.table?.header, data.length], [['x1', 'x2'], false, 2]);
  assert.deepEqual(names(read('1,2', { names: ['a', 'b'] })), ['a', 'b']);
  assert.deepEqual(names(read(',b\n1,2')), ['x1', 'b']);
  assert.equal(read('a,b\n1,2', { header: true }).length, 1);
  assert.throws(() => read('a,b\n1,2', { header: false, names: ['a'] }), /has 2 columns, but 1 names were given/);
  assert.throws(() => read('a,a\n1,2'), { name: 'FileFormatError', message: /line 1: two columns are called "a"/ });
});

test('missing values are refused until something is said about them', async () => {
  const text = 'a,b,c\n1,x,u\n?,x,v\n4,NA,u\n,y,u';
  assert.throws(() => read(text), {
    name: 'DatasetError',
    message: /missing in "a" \(2\), "b" \(1\), first in line 3\. Say what to do: missing: 'drop'/,
  });
  const dropped = read(text, { missing: 'drop', label: 'c' });
  assert.deepEqual([await rows(dropped), [...(dropped.labels ?? [])]], [[1, 1, 0], [0]]);
  assert.deepEqual(
    dropped.table?.columns.map(({ missing }) => missing),
    [2, 1],
  );
  const filled = read(text, { missing: 'fill', label: 'c' });
  assert.deepEqual(await rows(filled), [1, 1, 0, 2.5, 1, 0, 4, 1, 0, 2.5, 0, 1]);
  assert.deepEqual(
    filled.table?.columns.map(({ fill }) => fill),
    [2.5, 'x'],
  );
  assert.throws(() => read(text, { missing: 'category' }), /missing in "a" \(2\), first/);
  const kept = read(text, { missing: 'category', columns: { a: 'categorical' } });
  assert.deepEqual(kept.table?.columns.map(({ categories }) => categories).slice(0, 2), [
    ['1', '4', '?'],
    ['x', 'y', 'NA'],
  ]);
  assert.deepEqual(read(text, { missingTexts: ['?', ''], missing: 'drop' }).table?.columns[1]?.categories, [
    'NA',
    'x',
    'y',
  ]);
  assert.throws(() => read('a,b\n1,\n2,x', { label: 'b', missing: 'fill' }), /missing in "b" \(1\)/);
  assert.throws(() => read('a,b\n,1\n,2', { missing: 'fill' }), /missing in "a" \(2\)/);
  assert.throws(() => read('a,b\n,1\n,2', { missing: 'drop' }), /every row has a missing value/);
});

test('mistakes are named with their line', () => {
  const numbers = Array.from({ length: 20 }, (_, i) => `${i}`).join('\n');
  assert.throws(() => read(`a\n${numbers}\nx4`), {
    name: 'FileFormatError',
    message: /line 22: column "a" holds "x4" among 20 numbers/,
  });
  assert.throws(() => read('a,b\n1,2\n3'), { message: /line 3 has 1 cells where the lines before it have 2/ });
  assert.throws(() => read('a\n1\n1e999'), {
    message: /line 3: column "a" holds "1e999", which is not a finite number/,
  });
  assert.throws(() => read('a\n1\ninf'), { message: /line 3: column "a" holds "inf", which is not a finite number/ });
  assert.throws(() => read('a\n1\n1e39'), {
    message: /column "a" holds 1e\+39, which is beyond float32\. Use standardise/,
  });
  assert.throws(() => read('a\nx\ny', { columns: { a: 'numeric' } }), {
    message: /line 2: column "a" holds "x" among numbers/,
  });
  const people = Array.from({ length: 60 }, (_, i) => `person ${i}`).join('\n');
  assert.throws(() => read(`name\n${people}`), { message: /60 different texts in 60 rows.*Declare it 'ignore'/ });
  assert.equal(read(`name\n${people}`, { columns: { name: 'categorical' } }).exampleShape[0], 60);
  assert.throws(() => read('a,b'), { message: /has a header and no rows/ });
  assert.throws(() => new TableBuilder({ path: 'x', delimiter: ',' }).finish('x', { description: '' }), /is empty/);
  assert.throws(() => read(`a\n${numbers}`, {}, 100), { name: 'DatasetError', message: /takes more than 100 bytes/ });
});

test('more different numbers than categories can be are numbers, and a text among them is named', async () => {
  const many = Array.from({ length: 9000 }, (_, i) => (i % 7 === 0 ? '' : `${i / 8}`));
  const data = read(['a', ...many].join('\n'), { missing: 'drop' });
  assert.deepEqual(
    await rows(data),
    many.filter((text) => text !== '').map((text) => Math.fround(Number(text))),
  );
  assert.equal(data.table?.columns[0]?.missing, many.filter((text) => text === '').length);
  assert.throws(() => read(['a', ...many.filter((text) => text !== ''), 'x'].join('\n')), {
    message: /line 7716: column "a" holds "x" among numbers/,
  });
});

test('large numbers keep their digits where they are standardised', async () => {
  const data = read('a\n100000001\n100000002\n100000003', { standardise: true });
  const [first = 0, middle, last = 0] = await rows(data);
  assert.deepEqual([first, middle, last], [-Math.fround(Math.sqrt(1.5)), 0, Math.fround(Math.sqrt(1.5))]);
});

test('another file is read by the schema of a first one', async () => {
  const train = read('a,b,kind\n1,x,u\n3,y,v', { label: 'kind', standardise: true });
  assert.ok(train.table !== undefined);
  // Other order, one column more, no label.
  const test_ = read('b,extra,a\ny,9,5', { schema: train.table });
  assert.deepEqual(await rows(test_), [3, 0, 1]);
  assert.equal(test_.labels, undefined);
  const labelled = read('kind,b,a\nv,x,2', { schema: train.table });
  assert.deepEqual([[...(labelled.labels ?? [])], labelled.classes], [[1], ['u', 'v']]);
  assert.deepEqual(
    labelled.table?.columns.map(({ name }) => name),
    ['a', 'b'],
  );
  const schema = train.table;
  assert.throws(() => read('a,b\n1,z', { schema }), /line 2: column "b" holds the category "z"/);
  assert.throws(() => read('a,b,kind\n1,x,w', { schema }), /line 2: column "kind" holds the category "w"/);
  assert.throws(() => read('a,c\n1,x', { schema }), { name: 'UnknownNameError', message: /Unknown column "b"/ });
  assert.throws(() => read('a,b\n1,x', { schema, standardise: true }), { name: 'ConfigError' });
  const filling = read('a,b\n1,x\n,y', { missing: 'fill' }).table;
  assert.ok(filling !== undefined);
  assert.deepEqual(await rows(read('a,b\n,x', { schema: filling })), [1, 1, 0]);
  const named = read('a,b\n1,x\nunknown,y', { missing: 'drop', missingTexts: ['unknown'] }).table;
  assert.ok(named !== undefined);
  assert.deepEqual(await rows(read('a,b\n2,x\nUnknown,x', { schema: named, missing: 'drop' })), [2, 1, 0]);
});
