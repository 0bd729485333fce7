// Interruptions of real processes: whatever stops a training, and whenever, --resume ends where it would have ended.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeNpy } from '../data/index.js';
import { readMetrics } from '../training/node/metrics-file.js';
import { readRunConfig } from '../training/node/run-config.js';
import type { CliResult } from './testing/run-cli.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
await place.writePoints(64);
// Eight steps an epoch: checkpoints fall into the middle of the windows of ten steps that metrics are averaged over.
const steps = 123;
const common = ['train', 'gan', '--data', 'points.npy', '--batch', '8', '--threads', '1', ...tinyGan];

/** Everything that has to be the same, byte for byte. */
async function outcome(run: string): Promise<Record<string, string>> {
  const files = [
    'model/weights.safetensors',
    'model/model.json',
    'checkpoint/state.safetensors',
    'metrics.jsonl',
    'charts/training.svg',
  ];
  const contents = files.map(
    async (file) => [file, (await readFile(place.path(run, file))).toString('base64')] as const,
  );
  const samples = (await readdir(place.path(run, 'samples'))).sort().join();
  return { ...Object.fromEntries(await Promise.all(contents)), samples };
}

const whole = await place.run([...common, '--steps', String(steps), '--out', 'whole']);
const expected = await outcome('whole');

/** Runs a command and sends it a signal once its run has begun and `delay` milliseconds have passed. */
async function interrupted(
  args: readonly string[],
  run: string,
  signal: NodeJS.Signals,
  delay: number,
): Promise<CliResult> {
  return place.runAlone(args, {
    onStart: async (child) => {
      while (child.exitCode === null && !existsSync(place.path(run, 'samples', 'step-0000000.csv'))) await sleep(5);
      await sleep(delay);
      child.kill(signal);
    },
  });
}

test('the uninterrupted training ends well', () => {
  assert.equal(whole.code, 0, whole.stderr);
});

test('kill -9 at random moments, again and again, and --resume: the same bytes in the end', async (t) => {
  let killed = 0;
  for (let round = 0; killed < 4 && round < 20; round++) {
    const args = existsSync(place.path('killed'))
      ? ['train', '--resume', 'killed']
      : [...common, '--steps', String(steps), '--out', 'killed'];
    const delay = Math.random() * 400;
    t.diagnostic(`killed after ${delay.toFixed(0)} ms`);
    const { signal, code, stderr } = await interrupted(args, 'killed', 'SIGKILL', delay);
    if (signal === 'SIGKILL') killed += 1;
    else assert.equal(code, 0, stderr);
  }
  assert.equal(killed, 4);
  const { code, stderr } = await place.run(['train', '--resume', 'killed']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await outcome('killed'), expected);
  const leftovers = (await readdir(place.path('killed'), { recursive: true })).filter(
    (name) => name.includes('.tmp') || name.includes('.lock'),
  );
  assert.deepEqual(leftovers, []);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} saves and exits 130`, async () => {
    const run = signal.toLowerCase();
    const first = await interrupted([...common, '--steps', '100000', '--out', run], run, signal, 100);
    assert.deepEqual([first.code, first.stdout], [130, ''], first.stderr);
    assert.match(first.stderr, /Stopping after the running steps and saving; press Ctrl-C again to quit at once\./);
    const [, step] =
      /Interrupted after step (\d+); everything is saved\. Continue with: (?:.*)\n$/.exec(first.stderr) ?? [];
    assert.ok(Number(step) >= 1, first.stderr);
    const { stdout } = await place.run(['info', run]);
    assert.match(stdout, new RegExp(`state {5}stopped before its end; continue with: verisim train --resume ${run}\n`));
  });

test('after Ctrl-C, --resume goes on to the same bytes', async () => {
  const first = await interrupted([...common, '--steps', String(steps), '--out', 'ctrl-c'], 'ctrl-c', 'SIGINT', 20);
  assert.equal(first.code, 130, first.stderr);
  const rest = await place.run(['train', '--resume', 'ctrl-c']);
  assert.equal(rest.code, 0, rest.stderr);
  assert.match(rest.stderr, /Continuing after step \d+\./);
  assert.deepEqual(await outcome('ctrl-c'), expected);
});

test('a second Ctrl-C quits at once, without saving', async () => {
  // Large enough that the running steps take a moment, in which the second signal arrives.
  const large = ['--set', 'generatorLayers=[1024,1024]', '--set', 'discriminatorLayers=[1024,1024]', '--batch', '512'];
  const { code, stderr } = await place.runAlone(
    ['train', 'gan', '--data', 'two-moons', '--steps', '100000', '--out', 'twice', ...large],
    {
      onStart: (child) => {
        let heard = '';
        child.stderr?.on('data', (text) => {
          const before = heard;
          heard += text;
          for (const words of ['step 1/100000', 'press Ctrl-C again'])
            if (heard.includes(words) && !before.includes(words)) child.kill('SIGINT');
        });
      },
    },
  );
  assert.equal(code, 130, stderr);
  assert.match(stderr, /press Ctrl-C again to quit at once\.\n$/);
  // The lock that is left behind is no obstacle.
  assert.match((await place.run(['info', 'twice'])).stdout, /state {5}stopped before its end/);
});

test('a finished run can go on for longer, and equals one that was longer from the start', async () => {
  const short = await place.run([...common, '--steps', '57', '--out', 'short']);
  assert.equal(short.code, 0, short.stderr);
  const { code, stderr } = await place.run(['train', '--resume', 'short', '--steps', String(steps)]);
  assert.equal(code, 0, stderr);
  const { samples: _, ...longer } = await outcome('short');
  const { samples: __, ...reference } = expected;
  assert.deepEqual(longer, reference);
  assert.equal((await readRunConfig(place.path('short'))).training.steps, steps);
  const fewer = await place.run(['train', '--resume', 'short', '--steps', '60']);
  assert.equal(fewer.code, 2);
  assert.match(fewer.stderr, /60 steps were asked for, but 123 have already been done/);
  assert.equal((await readRunConfig(place.path('short'))).training.steps, steps);
});

test('resuming what is finished repairs it and changes nothing', async () => {
  await cp(place.path('whole'), place.path('again'), { recursive: true });
  await rm(place.path('again', 'model'), { recursive: true });
  const { code, stderr } = await place.run(['train', '--resume', 'again']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await outcome('again'), expected);
});

test('a run can be looked at while it is being written, but not written by another process', async () => {
  let info: CliResult | undefined;
  let second: CliResult | undefined;
  await place.runAlone([...common, '--steps', '100000', '--out', 'busy'], {
    onStart: async (child) => {
      while (!existsSync(place.path('busy', 'samples', 'step-0000000.csv'))) await sleep(5);
      info = await place.run(['info', 'busy']);
      second = await place.run(['train', '--resume', 'busy']);
      child.kill('SIGINT');
    },
  });
  assert.equal(info?.code, 0, info?.stderr);
  assert.match(String(info?.stdout), /state {5}training now, by process \d+ on /);
  assert.equal(second?.code, 1);
  assert.match(String(second?.stderr), /^verisim: busy is in use by process \d+ on .*\n$/);
});

test('a write that fails stops the training with one message; once the cause is gone it can be resumed', async () => {
  const { code, stdout, stderr } = await place.runAlone([...common, '--steps', String(steps), '--out', 'full'], {
    onStart: async () => {
      while (!existsSync(place.path('full', 'samples', 'step-0000002.csv'))) await sleep(5);
      await rename(place.path('full', 'samples'), place.path('full', 'moved'));
      await writeFile(place.path('full', 'samples'), 'a file where the folder was');
    },
  });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /\nThe training stopped\. Once the cause is gone, continue with: verisim train --resume full\nverisim: .*samples.* could not be written: .*\n$/,
  );
  assert.doesNotMatch(stderr, /\n {4}at /);
  assert.equal(existsSync(place.path('full', '.lock')), false);
  await rm(place.path('full', 'samples'));
  const rest = await place.run(['train', '--resume', 'full']);
  assert.equal(rest.code, 0, rest.stderr);
  const { samples: _, ...repaired } = await outcome('full');
  const { samples: __, ...reference } = expected;
  assert.deepEqual(repaired, reference);
});

test('damaged and changed runs are refused with the reason', async () => {
  const damaged = async (name: string, damage: () => Promise<void>) => {
    await cp(place.path('whole'), place.path(name), { recursive: true });
    await damage();
    const { code, stderr } = await place.run(['train', '--resume', name]);
    assert.equal(code, 1, stderr);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(existsSync(place.path(name, '.lock')), false);
    return stderr;
  };
  const config = (name: string, change: (content: string) => string) => async () => {
    const file = place.path(name, 'config.json');
    await writeFile(file, change(await readFile(file, 'utf8')));
  };
  const checkpoint = (name: string) => place.path(name, 'checkpoint', 'state.safetensors');
  assert.match(
    await damaged('bad1', () => truncate(checkpoint('bad1'), 1000)),
    /bad1\/checkpoint\/state\.safetensors: /,
  );
  assert.match(await damaged('bad2', () => truncate(checkpoint('bad2'), 0)), /bad2\/checkpoint\/state\.safetensors: /);
  assert.match(
    await damaged(
      'bad3',
      config('bad3', (text) => text.slice(0, 100)),
    ),
    /bad3\/config\.json: is no JSON/,
  );
  assert.match(
    await damaged(
      'bad4',
      config('bad4', (text) => text.replace('"latentSize": 2', '"latentSize": -2')),
    ),
    /bad4 cannot be resumed.*"latentSize" is -2/,
  );
  assert.match(
    await damaged(
      'bad5',
      config('bad5', (text) => text.replace('"model": "gan"', '"model": "gam"')),
    ),
    /Unknown model "gam"/,
  );
  assert.match(await damaged('bad6', () => rm(place.path('bad6', 'config.json'))), /bad6 is no run folder/);
  // The same number of rows, other values.
  const points = await readFile(place.path('points.npy'));
  await damaged('bad7', async () => {
    const changed = Buffer.from(points);
    changed.writeFloatLE(1.25, changed.length - 4);
    await writeFile(place.path('points.npy'), changed);
  }).then((stderr) => assert.match(stderr, /points\.npy, which has other values now/));
  await writeFile(place.path('points.npy'), points);
});

test('a change in a row that the fingerprint does not look at is noticed by the checksum', async () => {
  const data = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i));
  await writeFile(place.path('many.npy'), writeNpy({ data, shape: [1000, 2] }));
  const args = ['train', 'gan', '--data', 'many.npy', '--steps', '2', '--batch', '8', '--out', 'many', ...tinyGan];
  assert.equal((await place.run(args)).code, 0);
  // Of 1000 rows the fingerprint takes 0, 16, 32, ...
  data[2] = 9;
  await writeFile(place.path('many.npy'), writeNpy({ data, shape: [1000, 2] }));
  const { code, stderr } = await place.run(['train', '--resume', 'many', '--steps', '4']);
  assert.equal(code, 1);
  assert.match(stderr, /many\.npy, which has other values now/);
});

test('resuming a finished run says that nothing was left, a longer one which steps were trained', async () => {
  await cp(place.path('whole'), place.path('longer'), { recursive: true });
  const again = await place.run(['train', '--resume', 'longer']);
  assert.match(again.stdout, /^All 123 steps had been done before\.\n/, again.stderr);
  assert.deepEqual(await outcome('longer'), expected);
  const { metrics } = JSON.parse((await place.run(['train', '--resume', 'longer', '--json'])).stdout);
  const [last] = (await readMetrics(place.path('longer'))).slice(-1);
  assert.ok(last);
  assert.deepEqual(metrics, last.metrics);
  const longer = await place.run(['train', '--resume', 'longer', '--steps', '130']);
  assert.match(longer.stdout, /^Trained steps 124 to 130 in /, longer.stderr);
});

test('what was fixed at the start cannot be changed when resuming', async () => {
  const changes = [
    ['--data', 'mnist'],
    ['--batch', '4'],
    ['--seed', '1'],
    ['--device', 'cpu'],
    ['--threads', '1'],
    ['--size', '8'],
    ['--out', 'x'],
    ['--set', 'latentSize=3'],
  ];
  for (const change of changes) {
    const { code, stderr } = await place.run(['train', '--resume', 'whole', ...change]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`--resume continues whole as it was started, so ${change[0]} cannot be given`));
  }
  assert.match((await place.run(['train', 'dcgan', '--resume', 'whole'])).stderr, /so a model cannot be given/);
  assert.match((await place.run(['train', '--resume', 'nowhere'])).stderr, /There is no folder nowhere to resume/);
});
