// The two adapters are interchangeable, and the package picks the one for its platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as chosen from '#runtime';
import * as browser from './browser/open.js';
import * as node from './node/open.js';

test('#runtime is the adapter for Node here', () => {
  assert.equal(chosen.openRuntime, node.openRuntime);
});

test('both adapters have the same signature, and devices of their own', () => {
  const adapters: readonly (typeof node.openRuntime)[] = [node.openRuntime, browser.openRuntime];
  assert.equal(adapters.length, 2);
  assert.deepEqual(node.devices, ['cpu', 'webgpu', 'wasm']);
  assert.deepEqual(browser.devices, ['webgpu', 'wasm']);
});

test('the browser adapter refuses what browsers do not have', async () => {
  await assert.rejects(browser.openRuntime({ device: 'cpu' }), /Unknown device "cpu".* Known: wasm, webgpu\./);
});
