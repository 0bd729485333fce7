// The browser adapter in a headless Chromium: a page that trains has to get what Node gets.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { lowerLoop } from '../../tensor/index.js';
import { openRuntime } from '../node/open.js';
import type { PageReport } from '../testing/browser-page.js';
import { findChromium, runPage } from '../testing/chromium.js';
import { mlpStep } from '../testing/example-steps.js';

const chromium = findChromium();
// Tests are skipped one by one, so that they are counted.
const skip = chromium === undefined ? 'Chromium is not installed: set CHROME_PATH or install it' : false;
const steps = 5;

async function page(
  query: { readonly device: string; readonly threads: string },
  isIsolated: boolean,
  flags: readonly string[] = [],
): Promise<PageReport> {
  const text = await runPage({
    chromium: chromium ?? '',
    script: 'dist/src/runtime/testing/browser-page.js',
    query: { ...query, steps: `${steps}` },
    isIsolated,
    flags,
    timeoutMilliseconds: 30_000,
  });
  return JSON.parse(text);
}

describe('in a browser', () => {
  let losses: number[] = [];
  let weights: Record<string, number[]> = {};
  before(async () => {
    if (chromium === undefined) return;
    // What the page does, on wasm in Node.
    const runtime = await openRuntime({ device: 'wasm', threads: 1 });
    const { step, initial, feeds } = mlpStep();
    const compiled = await runtime.compileStep(lowerLoop(step));
    await compiled.write(initial);
    const chunks = [await compiled.run(steps, feeds(steps)), await compiled.run(steps, feeds(steps))];
    losses = chunks.flatMap(({ loss = [] }) => Array.from(loss));
    const values = Object.entries(await compiled.read(['w1', 'b2']));
    weights = Object.fromEntries(values.map(([name, { data }]) => [name, Array.from(data, Number)]));
    await runtime.dispose();
  });

  test('wasm with two threads trains to the same bits as in Node, and the page stays free', { skip }, async () => {
    const report = await page({ device: 'wasm', threads: '2' }, true);
    assert.equal(report.error, undefined);
    assert.equal(report.threads, 2);
    assert.deepEqual(report.losses, losses);
    assert.deepEqual(report.weights, weights);
    assert.ok((report.ticks ?? 0) > 0);
  });

  test('threads in a page that may not have them are refused with what to do', { skip }, async () => {
    const { error, isIsolated } = await page({ device: 'wasm', threads: '2' }, false);
    assert.equal(isIsolated, false);
    assert.match(error ?? '', /^DeviceError: 2 threads were asked for, .*Cross-Origin-Opener-Policy: same-origin/);
  });

  test('webgpu keeps its state on the device and agrees to 1e-3', { skip }, async () => {
    const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
    const report = await page({ device: 'webgpu', threads: '1' }, true, flags);
    assert.equal(report.error, undefined);
    assert.equal(report.losses?.length, losses.length);
    // Drivers may compute exp and tanh to some 1e-6 only, and Adam divides small gradients by themselves.
    for (const [i, loss] of losses.entries()) assert.ok(Math.abs((report.losses?.[i] ?? Number.NaN) / loss - 1) < 1e-3);
  });

  test('webgpu without a graphics processor says so and names wasm', { skip }, async () => {
    const { error } = await page({ device: 'webgpu', threads: '1' }, true, ['--disable-gpu']);
    assert.match(error ?? '', /^DeviceError: The device webgpu was asked for, but it is not available here: /);
    assert.match(error ?? '', /Devices that need nothing else: wasm\.$/);
  });
});
