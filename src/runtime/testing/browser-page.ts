// What the test page does in a browser: trains on the device that its address names and sends back what came out.
import { lowerLoop, lowerStep } from '../../tensor/index.js';
import { openRuntime } from '../browser/open.js';
import type { DeviceName } from '../runtime.js';
import { mlpStep } from './example-steps.js';

/** What the page sends back. */
export interface PageReport {
  readonly error?: string;
  readonly threads?: number;
  readonly isIsolated: boolean;
  readonly losses?: readonly number[];
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  /** How often the page's own timer ticked meanwhile. */
  readonly ticks?: number;
}

const deviceNames: readonly DeviceName[] = ['cpu', 'wasm', 'webgpu'];

async function report(): Promise<PageReport> {
  const isIsolated = globalThis.crossOriginIsolated;
  try {
    const asked = new URLSearchParams(globalThis.location.search);
    const device = deviceNames.find((name) => name === asked.get('device')) ?? 'wasm';
    const steps = Number(asked.get('steps'));
    const runtime = await openRuntime({ device, threads: Number(asked.get('threads')) });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const { step, initial, feeds } = mlpStep();
    const compiled = await runtime.compileStep(device === 'webgpu' ? lowerStep(step) : lowerLoop(step));
    await compiled.write(initial);
    // Two chunks asked for at the same time: runs have to be chained.
    const chunks = await Promise.all([compiled.run(steps, feeds(steps)), compiled.run(steps, feeds(steps))]);
    const weights = Object.entries(await compiled.read(['w1', 'b2'])).map(([name, { data }]) => [
      name,
      Array.from(data, Number),
    ]);
    clearInterval(timer);
    const { threads } = runtime;
    await compiled.dispose();
    await runtime.dispose();
    const losses = chunks.flatMap(({ loss = [] }) => Array.from(loss));
    return { isIsolated, threads, losses, weights: Object.fromEntries(weights), ticks };
  } catch (error) {
    return { isIsolated, error: `${error}` };
  }
}

await fetch('/report', { method: 'POST', body: JSON.stringify(await report()) });
