import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as everywhere from './index.browser.js';
import * as inNode from './index.js';

test('what browsers load never reaches a Node module', () => {
  const seen = new Set<string>();
  const problems: string[] = [];
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (specifier.startsWith('node:') || ['sharp', 'tar-stream', 'csv-parse', 'hyparquet'].includes(specifier))
        problems.push(`${file} imports ${specifier}`);
    }
  };
  visit(fileURLToPath(new URL('./index.browser.js', import.meta.url)));
  assert.deepEqual(problems, []);
  assert.ok(seen.size > 20, `only ${seen.size} files were looked at`);
});

test('Node has everything that browsers have', () => {
  const missing = Object.keys(everywhere).filter((name) => !Object.hasOwn(inNode, name));
  assert.deepEqual(missing, []);
});
