import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { encodePng } from '../plot/index.js';
import { compare, comparisonPage } from './compare.js';
import { evaluationOf, rowOf, subjectOf } from './testing/toy.js';

const png = await encodePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 80, 160, 240) });
const pictures = { 'samples.png': png, 'real.png': png, 'first.png': png, 'closest.png': png };
const training = {
  over: 'minutes',
  panels: [{ label: 'loss', series: [{ name: 'loss', x: [0, 1, 2], y: [3, 2, 1] }] }],
} as const;
const near = subjectOf('near', [rowOf(1, [0.9, 1.1], { reference: { value: 0.5 } })], { pictures, training });
const far = subjectOf('far & <away>', [rowOf(3, [2.5, 3.5])], { pictures });
const page = comparisonPage([near, far]);

test('every section is there, with both models', () => {
  for (const id of ['findings', 'samples', 'metrics', 'copying', 'training', 'cost', 'abilities'])
    assert.ok(page.includes(`<section id="${id}"`), id);
  assert.match(page, /<h1>Two models of mnist<\/h1>/);
  assert.match(page, /Two generative models of mnist, judged by 10,000 rows that none of them was trained on\./);
  assert.equal(page.match(/<h3>near<\/h3>/g)?.length, 2);
  assert.match(page, /<dt class="good">.*<dd>Is quick\.<\/dd>/);
  assert.match(page, /<dd>Is &lt;shallow&gt;\.<\/dd>/);
});

test('names are escaped wherever they stand', () => {
  assert.ok(!page.includes('<away>'));
  assert.match(page, /alt="Samples drawn by far &amp; &lt;away&gt;"/);
});

test('the best is marked, with its interval, and what real rows reach', () => {
  const [table = ''] = /<table class="metrics"[\s\S]*?<\/table>/.exec(page) ?? [];
  const [, row = ''] = /<\/div><\/th><\/tr>\n<tr>([\s\S]*?)<\/tr>/.exec(table) ?? [];
  const cells = row.split('</td>');
  assert.match(cells[0] ?? '', /class="value">1<[\s\S]*0\.900 to 1\.100[\s\S]*badge is-best/);
  assert.match(cells[1] ?? '', /class="value">3</);
  assert.doesNotMatch(cells[1] ?? '', /badge/);
  assert.match(cells[2] ?? '', /0\.500/);
  assert.match(table, /Toy distance <span class="way">↓ less is better · in pixels/);
  const noisy = comparisonPage([near, subjectOf('close', [rowOf(1.05, [0.95, 1.2])])]);
  assert.equal(noisy.match(/<span class="badge is-noise">within noise<\/span>/g)?.length, 3);
});

test('it is one file that anybody can read', () => {
  assert.doesNotMatch(page, /<script|<link|src="(?!data:)|href="(?!#)/);
  for (const [image] of page.matchAll(/<img [^>]*>/g)) assert.match(image, / alt="[^"]{10,}"/);
  // Headings go down one by one: h1, then h2, then h3 inside.
  const levels = Array.from(page.matchAll(/<h([1-6])[ >]/g), ([, level]) => Number(level));
  assert.deepEqual(
    levels.filter((level) => level === 1),
    [1],
  );
  for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 0) + 1);
  assert.equal(page.match(/<table/g)?.length, page.match(/<caption/g)?.length);
  const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
  for (const tag of ['section', 'table', 'tbody', 'tr', 'td', 'th', 'div', 'figure', 'article', 'span', 'p'])
    assert.equal(
      page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length,
      page.match(new RegExp(`</${tag}>`, 'g'))?.length,
      tag,
    );
});

test('what is not known is left out: no pictures, no curves, no metrics, no cost', () => {
  const bare = subjectOf('bare', [], { evaluation: evaluationOf([], { cost: {}, samples: 0 }) });
  const { sections } = compare([bare]);
  assert.deepEqual(
    sections.map(({ id }) => id),
    ['samples', 'abilities'],
  );
  assert.match(comparisonPage([bare]), /Draws no rows/);
});

test('models of different data are refused', () => {
  const { data } = evaluationOf([]);
  const photos = subjectOf('photos', [], {
    evaluation: evaluationOf([], { data: { ...data, name: 'cifar-10', exampleShape: [32, 32, 3] } }),
  });
  assert.throws(
    () => compare([near, photos]),
    (error) =>
      error instanceof ConfigError &&
      /near was evaluated on mnist \(rows of 28x28x1\) and photos on cifar-10 \(rows of 32x32x3\)/.test(error.message),
  );
  assert.throws(() => compare([]), ConfigError);
});

test('models that were judged by other rows of the same data are shown, but do not compete, and a note says so', () => {
  const { data } = evaluationOf([]);
  const binary = subjectOf('binary', [rowOf(0.1)], {
    evaluation: evaluationOf([rowOf(0.1)], {
      data: { ...data, heldOut: { split: 'test', rows: 10_000, fingerprint: 'other' } },
    }),
  });
  const { contests, notes, sections } = compare([near, far, binary]);
  assert.deepEqual(
    contests[0]?.entries.map((entry) => entry?.standing),
    ['best', 'behind', 'apart'],
  );
  assert.match(notes[0] ?? '', /judged by different rows of the same data set \(near, far & <away> \/ binary\)/);
  assert.ok(sections.some(({ body }) => body.text.includes('class="note"')));
});

test('the copying section quotes what the metric says', () => {
  const copier = subjectOf('copier', [rowOf(1, undefined, { topic: 'copying', reading: 'Every sample is a copy.' })], {
    pictures,
  });
  const text = comparisonPage([copier, near]);
  assert.match(text, /<p class="verdict">Every sample is a copy\.<\/p>/);
});

test('what is not there is told in words, not by labels on plain spans', () => {
  const text = comparisonPage([
    subjectOf('known', [rowOf(1)]),
    subjectOf('other', [], { evaluation: evaluationOf([], { cost: {} }) }),
  ]);
  assert.match(text, /<span class="visually-hidden">not applicable<\/span>/);
  assert.match(text, /<span class="visually-hidden">not known<\/span>/);
  assert.doesNotMatch(text, /<span[^>]* aria-label/);
});
