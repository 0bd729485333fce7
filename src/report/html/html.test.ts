import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, trusted } from './html.js';

test('whatever is put in is escaped, in content and in attributes', () => {
  const name = `<script>alert("it's") & more</script>`;
  assert.equal(
    html`<p title="${name}">${name}</p>`.text,
    '<p title="&lt;script&gt;alert(&quot;it&#39;s&quot;) &amp; more&lt;/script&gt;">' +
      '&lt;script&gt;alert(&quot;it&#39;s&quot;) &amp; more&lt;/script&gt;</p>',
  );
});

test('markup, lists and numbers go in as they are; false, null and undefined leave nothing', () => {
  const items = ['a', 'b & c'].map((item) => html`<li>${item}</li>`);
  assert.equal(html`<ul>${items}${[]}</ul>`.text, '<ul><li>a</li><li>b &amp; c</li></ul>');
  assert.equal(html`${0}${-1.5}|${false}${null}${undefined}|${''}`.text, '0-1.5||');
  assert.equal(html`${trusted('<b>x</b>')}`.text, '<b>x</b>');
});
