import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { gatherAll } from '../dataset.js';
import { decodeRows, encodeTable } from './decode.js';
import type { TableOptions } from './options.js';
import type { TableSchema } from './schema.js';
import { TableBuilder } from './table-builder.js';

const open = (cells: readonly (readonly string[])[], options: TableOptions) => {
  const builder = new TableBuilder({ path: 'x.csv', delimiter: ',' }, options);
  for (const [i, row] of cells.entries()) builder.add(row, i + 1);
  return builder.finish('x', { description: 'a test' });
};

test('rows become the table that they came from, character by character, however they were encoded', async () => {
  const stream = random(2);
  const cells = [
    ['price', 'count', 'year', 'colour', 'kind', 'constant'],
    ...Array.from({ length: 200 }, () => [
      (stream.next() * 1000).toFixed(2),
      String(Math.floor(stream.next() * 1e6) - 5e5),
      String(1900 + Math.floor(stream.next() * 120)),
      ['red', 'blue, light', '"green"', ' '][Math.floor(stream.next() * 4)] ?? '',
      ['u', 'v'][Math.floor(stream.next() * 2)] ?? '',
      '7.0',
    ]),
  ];
  const written = `${cells
    .map((row) => row.map((cell) => (/[",]|^\s/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
    .join('\n')}\n`;
  for (const categorical of ['one-hot', 'codes'] as const)
    for (const standardise of [false, true])
      for (const label of [undefined, 'kind', 0]) {
        const data = open(cells, {
          categorical,
          standardise,
          ...(label === undefined || label === 0 ? {} : { label }),
        });
        const { x, labels } = await gatherAll(data);
        assert.ok(data.table !== undefined);
        assert.equal(encodeTable({ data: x, ...(labels === undefined ? {} : { labels }) }, data.table), written);
      }
});

const table: TableSchema = {
  columns: [
    { name: 'age', kind: 'integer', missing: 0, min: 0, max: 99, decimals: 0 },
    { name: 'colour', kind: 'categorical', missing: 0, categories: ['blue', 'red'] },
    { name: 'size', kind: 'numeric', missing: 0, min: 0, max: 2, decimals: 1 },
  ],
  label: { name: 'kind', position: 1, classes: ['u', 'v'] },
  categorical: 'one-hot',
  header: true,
  delimiter: ';',
};

test('samples become rows that the table could have: whole numbers in range, the likeliest category, few decimals', () => {
  const data = Float32Array.of(41.6, 0.2, 0.7, 2.34, -3, 0.9, -1, 0.05, 1e9, -5, -6, Number.NaN);
  assert.deepEqual(decodeRows({ data }, table), [
    [42, 'red', 2.3],
    [0, 'blue', 0.1],
    [99, 'blue', Number.NaN],
  ]);
  assert.equal(encodeTable({ data: data.subarray(0, 4), labels: [1] }, table), 'age;kind;colour;size\n42;v;red;2.3\n');
  assert.equal(encodeTable({ data: data.subarray(0, 4) }, { ...table, header: false }), '42;red;2.3\n');
  const codes = { ...table, categorical: 'codes' } as const;
  assert.deepEqual(decodeRows({ data: [1, 0.6, 1, 1, 7, 1, 1, -2, 1] }, codes), [
    [1, 'red', 1],
    [1, 'red', 1],
    [1, 'blue', 1],
  ]);
  assert.throws(() => decodeRows({ data: [1, 2, 3] }, table), {
    name: 'ShapeError',
    message: /3 numbers do not make whole rows of a table whose rows take 4/,
  });
});
