import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { version } from '../core/version.js';
import { cliPath } from './testing/run-cli.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
const commands = [
  ...['train', 'sample', 'score', 'classify', 'anomalies', 'encode', 'reconstruct', 'interpolate'],
  ...['info', 'models', 'datasets', 'bench'],
];

test('help of every command has a description and examples', async () => {
  for (const command of [undefined, ...commands]) {
    const { code, stdout, stderr } = await place.run(command === undefined ? ['--help'] : [command, '--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Usage: verisim/);
    assert.match(stdout, /\nExamples:\n {2}\$ verisim /, command);
  }
});

/** The native libraries that a command has loaded when it ends: what takes long to start with. */
async function nativeLibraries(args: readonly string[]): Promise<string> {
  const listing = `process.report.excludeNetwork = true;
    process.on('exit', () => process.stderr.write(process.report.getReport().sharedObjects.join('\\n')));`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(listing)}` };
  const { stderr } = await place.runAlone(args, { env });
  return stderr;
}

test('help loads no native library, which is what would keep it waiting', async () => {
  const native = /onnxruntime|sharp|resvg/;
  for (const command of commands) assert.doesNotMatch(await nativeLibraries([command, '--help']), native, command);
  const training = ['train', 'gan', '--data', 'two-moons', '--steps', '1', '--threads', '1', ...tinyGan];
  assert.match(await nativeLibraries(training), native);
});

test('every example of the help is a command that exists', async () => {
  for (const command of commands) {
    const { stdout } = await place.run([command, '--help']);
    const examples = [...stdout.matchAll(/^ {2}\$ verisim (\S+)/gm)].map(([, name]) => name);
    assert.ok(examples.length > 0 && examples.every((name) => name === command), `${command}: ${examples}`);
  }
});

test('the version is that of the package', async () => {
  assert.equal((await place.runAlone(['--version'])).stdout, `${version}\n`);
});

test('wrong words are wrong usage: one line that suggests the nearest', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['trian'], /unknown command 'trian' \(Did you mean train\?\)/],
    [['train', '--stepps', '3'], /unknown option '--stepps' \(Did you mean --steps\?\)/],
    [['train', 'gann', '--data', 'mnist'], /Unknown model "gann"\. Did you mean "gan"\? Known: /],
    [['train', 'gan', '--data', 'mnst'], /Unknown data set "mnst"\. Did you mean "mnist"\?/],
    [
      ['train', 'gan', '--data', 'two-moons', '--set', 'lerningRate=1'],
      /no option "lerningRate"\. Did you mean "learningRate"\?/,
    ],
    [['train', 'gan', '--data', 'two-moons', '--set', 'learningRate'], /--set takes name=value/],
    [['train', 'gan', '--data', 'two-moons', '--set', 'beta1=0', '--set', 'beta1=0.1'], /--set beta1 was given twice/],
    [
      ['train', 'gan', '--data', 'two-moons', '--device', 'gpu'],
      /'--device <name>' argument 'gpu' is invalid.*cpu, webgpu, wasm/,
    ],
    [
      ['train', 'gan', '--data', 'two-moons', '--epochs', '1', '--steps', '2'],
      /'--epochs <number>' cannot be used with option '--steps <number>'/,
    ],
    [['train', 'gan', '--data', 'two-moons', '--epochs', '0'], /Expected a number above 0, received "0"/],
    [['train', 'gan', '--data', 'two-moons', '--steps', '2.5'], /Expected a whole number from 1, received "2\.5"/],
    [['train', 'gan', '--data', 'two-moons', '--threads', '0'], /Expected a whole number from 1, received "0"/],
    [['train', 'gan', '--data', 'two-moons', '--size', 'big'], /64, or height and width, 48x64; received "big"/],
    [['train', '--data', 'mnist'], /Name the kind of model to train/],
    [['train', 'gan'], /Name the data to train on/],
    [['train', 'gan', 'extra', '--data', 'mnist'], /too many arguments/],
    [['models', 'dcgam'], /Unknown model "dcgam"\. Did you mean "dcgan"\?/],
    [['bench', '--only', 'mlpgan'], /Unknown task "mlpgan"\. Did you mean "mlp-gan"\?/],
    [['info'], /missing required argument 'run'/],
  ];
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await place.run(args);
    assert.deepEqual([code, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
    assert.match(stderr, /^verisim: .*\n$/);
  }
});

test('without a command the help goes to standard error, as wrong usage', async () => {
  const { code, stdout, stderr } = await place.runAlone([]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Usage: verisim/);
});

test('models and datasets are listed, as text and as JSON', async () => {
  const models = await place.run(['models']);
  assert.match(
    models.stdout,
    /^model +family +can +description\n[\s\S]*\ngan +adversarial +sample, decode, encode +Generative/,
  );
  const one = await place.run(['models', 'dcgan']);
  assert.match(one.stdout, /\nchannels +64 +channels at half the resolution/);
  assert.match(one.stdout, /\nobjective +"non-saturating" +.*; one of minimax, non-saturating, least-squares, /);
  assert.match(one.stdout, /--batch: 64\n$/);
  const document = JSON.parse((await place.run(['models', 'dcgan', '--json'])).stdout);
  assert.deepEqual(
    [document.family, document.capabilities, document.defaultBatchSize],
    ['adversarial', ['sample', 'decode', 'encode'], 64],
  );
  // Defaults are values, not texts of values.
  const defaults = Object.fromEntries(
    document.options.map((option: { name: string; default: unknown }) => [option.name, option.default]),
  );
  assert.deepEqual([defaults.channels, defaults.objective], [64, 'non-saturating']);
  const datasets = await place.run(['datasets']);
  assert.match(datasets.stdout, /\ntwo-moons +any +2 +/);
  const listed: { name: string }[] = JSON.parse((await place.run(['datasets', '--json'])).stdout);
  assert.ok(['mnist', 'two-moons'].every((name) => listed.some((entry) => entry.name === name)));
});

test('a reader that has seen enough is no error', async () => {
  for (const args of [['models'], ['datasets', '--json'], ['models', 'gan'], ['--help']]) {
    const child = spawn(process.execPath, [cliPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    // The reading end is closed before anything has been written.
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
  }
});
