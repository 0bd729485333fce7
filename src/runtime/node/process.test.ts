// Runtimes and the life of the process: when it ends, and that memory stays flat. Each case is a process of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

const folder = new URL('.', import.meta.url);

/** Runs a script with the runtime, the example steps and `megabytes()` at hand, and returns what it printed. */
function run(script: string): { stdout: string; status: number | null } {
  const address = (path: string) => JSON.stringify(new URL(path, folder).href);
  const preamble = `
    import { openRuntime } from ${address('./open.js')};
    import { mlpStep, ganStep } from ${address('../testing/example-steps.js')};
    import { lowerLoop, lowerStep } from ${address('../../tensor/index.js')};
    const megabytes = () => { gc(); return process.memoryUsage().rss / 2 ** 20; };
    const open = async (options, { step, initial }, lower = lowerLoop) => {
      const compiled = await (await openRuntime(options)).compileStep(lower(step));
      await compiled.write(initial);
      return compiled;
    };`;
  const flags = ['--expose-gc', '--input-type=module', '-e', preamble + script];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(stderr, '');
  return { stdout, status };
}

for (const device of ['cpu', 'wasm'])
  describe(`on ${device}`, () => {
    const start = `const example = mlpStep(); const compiled = await open({ device: '${device}', threads: 2 }, example);`;

    test('the process ends on its own when a runtime is left open', () => {
      assert.equal(run(`${start} await compiled.run(2, example.feeds(2));`).status, 0);
    });

    test('the process ends on its own after a runtime was closed', () => {
      assert.equal(run(`(await openRuntime({ device: '${device}', threads: 2 })).dispose();`).status, 0);
    });

    test('the process does not end while a run is pending', () => {
      const { stdout, status } = run(`${start} compiled.run(50, example.feeds(50)).then(() => console.log('done'));`);
      assert.equal(stdout, 'done\n');
      assert.equal(status, 0);
    });

    test('the process can be ended during a run', () => {
      assert.equal(run(`${start} compiled.run(50, example.feeds(50)); process.exit(3);`).status, 3);
    });
  });

for (const lower of ['lowerLoop', 'lowerStep'])
  test(`memory is flat over 1000 steps by ${lower}`, () => {
    const { stdout } = run(`
      const example = ganStep();
      const compiled = await open({ threads: 1 }, example, ${lower});
      const steps = async (runs) => { for (let i = 0; i < runs; i++) await compiled.run(5, example.feeds(5)); };
      await steps(100);
      const before = megabytes();
      await steps(200);
      console.log(megabytes() - before);`);
    // The variables are 15 kB and a step's feeds 10 kB: keeping them would cost 25 MB.
    assert.ok(Number(stdout) < 8, `it grew by ${stdout} MB`);
  });

test('memory is flat over 200 programs compiled, run and disposed of', () => {
  const { stdout } = run(`
    const runtime = await openRuntime({ threads: 1 });
    const example = mlpStep(500, { size: 100 });
    const lowered = lowerLoop(example.step);
    const rounds = async (count) => {
      for (let i = 0; i < count; i++) {
        const compiled = await runtime.compileStep(lowered);
        await compiled.write(example.initial);
        await compiled.run(1, example.feeds(1));
        await compiled.dispose();
      }
    };
    await rounds(60);
    const before = megabytes();
    await rounds(200);
    console.log(megabytes() - before);`);
  // A program's variables are 1.2 MB: keeping them would cost 240 MB.
  assert.ok(Number(stdout) < 30, `it grew by ${stdout} MB`);
});

test('training a million weights by Adam holds a bounded number of copies of the state', () => {
  const { stdout } = run(`
    const example = mlpStep(4000, { size: 125 });
    const state = Object.values(example.initial).reduce((sum, { data }) => sum + data.byteLength, 0) / 2 ** 20;
    const before = megabytes();
    const compiled = await open({ threads: 2 }, example);
    let peak = 0;
    for (let i = 0; i < 200; i++) {
      await compiled.run(1, example.feeds(1));
      peak = Math.max(peak, process.memoryUsage().rss / 2 ** 20);
    }
    console.log(JSON.stringify({ state, used: peak - before }));`);
  const { state, used } = JSON.parse(stdout);
  assert.ok(state > 11);
  // Five copies at once: before a run, inside the loop (old and new), its result, and that copied out; gradients besides. Then
  // about 60 MB of the worker and its packages, and as much of dead copies until the collector comes. 200 dead copies are 2300 MB.
  assert.ok(used < 6 * state + 130, `it took ${used} MB for a state of ${state} MB`);
});
