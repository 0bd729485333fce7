import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { encodePng } from './index.js';

test('the native packages are loaded on first use, not on import', async () => {
  const loaded = (): boolean =>
    Object.keys(createRequire(import.meta.url).cache).some((path) => /node_modules[\\/](sharp|@resvg)[\\/]/.test(path));
  assert.equal(loaded(), false);
  await encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array(1) });
  assert.equal(loaded(), true);
});
