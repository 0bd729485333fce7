import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePng } from '../../plot/index.js';
import { html } from './html.js';
import { page } from './page.js';
import { pagePicture, pictureMarkup } from './picture.js';

const sections = ['one', 'two', 'three'].map((id) => ({ id, title: `Part ${id}`, body: html`<p>${id}</p>` }));

test('a page is whole: language, title, description, one heading, sections that the list links to', () => {
  const text = page({ title: 'A & B', description: 'What <it> is.', sections, colophon: 'Made by hand.' });
  assert.match(text, /^<!doctype html>\n<html lang="en">/);
  assert.match(text, /<title>A &amp; B<\/title>/);
  assert.match(text, /<meta name="description" content="What &lt;it&gt; is\.">/);
  assert.match(text, /<meta name="viewport" content="width=device-width/);
  assert.equal(text.match(/<h1>/g)?.length, 1);
  for (const { id, title } of sections) {
    assert.ok(text.includes(`<a href="#${id}">${title}</a>`));
    assert.ok(text.includes(`<section id="${id}" aria-labelledby="${id}-title">`));
    assert.ok(text.includes(`<h2 id="${id}-title">${title}</h2>`));
  }
  assert.match(text, /<footer>Made by hand\.<\/footer>/);
});

test('it needs no network and no script, and suits dark screens and paper', () => {
  const text = page({ title: 'A', description: 'B', sections });
  assert.doesNotMatch(text, /<script|<link|@import|url\(|src="(?!data:)/);
  assert.match(text, /prefers-color-scheme: dark/);
  assert.match(text, /@media print/);
});

test('two sections need no list', () => {
  assert.doesNotMatch(page({ title: 'A', description: 'B', sections: sections.slice(0, 2) }), /<nav/);
});

test('pictures are inside, with their size and what they show', async () => {
  const png = await encodePng({ width: 3, height: 2, channels: 1, data: new Uint8Array(6) });
  assert.match(
    pictureMarkup(pagePicture(png), 'A "grey" field').text,
    /^<img src="data:image\/png;base64,iVBOR[^"]+" width="3" height="2" alt="A &quot;grey&quot; field">$/,
  );
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  for (const content of [svg, new TextEncoder().encode(svg)])
    assert.equal(
      pictureMarkup(pagePicture(content), 'Dots').text,
      `<div class="drawing" role="img" aria-label="Dots">${svg}</div>`,
    );
});
