// What the package shows to the outside: the documented names, under the name that users import.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as verisim from 'verisim';
import { models } from '../src/models/registry.js';

const root = new URL('../../', import.meta.url);
const manifest: {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
} = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));

test('the documented names can be imported', () => {
  const functions = [
    ...['dcgan', 'gan', 'createModel', 'load'],
    ...['mnist', 'fashionMnist', 'cifar10', 'openDataset', 'imageFolder', 'fromArrays', 'split', 'subset'],
    ...['bayesClassifier', 'anomalyScore', 'anomalyThreshold', 'crossValidate', 'chooseBy', 'scoreRows'],
    ...['auroc', 'averagePrecision', 'confusion', 'computeMetric', 'metricNamed', 'metricsFor'],
    ...[
      'classifier',
      'canSample',
      'featureSpaceFor',
      'openFeatureSpace',
      'pixels',
      'pcaSpace',
      'classifierSpace',
      'onnxSpace',
    ],
    ...['encodePng', 'encodeSvgGrid', 'imageGrid', 'svgToPng', 'drawPictures', 'random'],
  ];
  const errors = [
    ...['VerisimError', 'ConfigError', 'DatasetError', 'DeviceError', 'DivergedError', 'FileFormatError'],
    ...['NotFittedError', 'RunFolderError', 'ShapeError', 'UnknownNameError'],
  ];
  const names: Readonly<Record<string, unknown>> = verisim;
  for (const name of [...functions, ...errors]) assert.equal(typeof names[name], 'function', name);
  for (const name of errors)
    assert.ok(Object.create(Object(names[name]).prototype) instanceof verisim.VerisimError, name);
  assert.equal(typeof verisim.models, 'object');
  assert.ok(Array.isArray(verisim.metrics));
});

test('every kind of model has its factory among them', () => {
  const names: Readonly<Record<string, unknown>> = verisim;
  for (const kind of Object.keys(models)) {
    const factory = kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(typeof names[factory], 'function', factory);
  }
});

test('the package is the same by name and by file', async () => {
  const byFile: unknown = await import(new URL('dist/src/index.js', root).href);
  assert.equal(byFile, verisim);
});

test('every entry point exists, can be imported, and has types', async () => {
  for (const [entry, targets] of Object.entries(manifest.exports)) {
    for (const file of typeof targets === 'string' ? [targets] : Object.values(targets))
      assert.ok(existsSync(new URL(file, root)), `${entry}: ${file}`);
    if (typeof targets === 'string') continue;
    assert.ok('types' in targets, entry);
    const exported: object = await import(entry.replace('.', 'verisim'));
    assert.ok(Object.keys(exported).length > 0, entry);
  }
});

test('importing starts nothing: a program that only imports ends at once', async () => {
  const code = "import * as verisim from 'verisim'; console.log(typeof verisim.dcgan)";
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    cwd: fileURLToPath(root),
    timeout: 20_000,
  });
  assert.deepEqual([stdout, stderr], ['function\n', '']);
});

test('every link of the documentation leads to a file that is packed', async () => {
  const packed = (path: string): boolean =>
    manifest.files.some((entry) => {
      const [folder = '', ending] = entry.split('/*');
      return ending === undefined
        ? path === entry || path.startsWith(`${entry}/`)
        : path.startsWith(`${folder}/`) && path.endsWith(ending);
    });
  const docs = (await readdir(new URL('docs/', root))).filter((name) => name.endsWith('.md'));
  let links = 0;
  for (const page of ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)]) {
    assert.ok(packed(page), page);
    const text = await readFile(new URL(page, root), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(target)) continue;
      const url = new URL(target, new URL(page, root));
      const path = url.pathname.slice(root.pathname.length);
      assert.ok(existsSync(url) && packed(path), `${page}: ${target}`);
      links += 1;
    }
  }
  assert.ok(links > 10);
});

test('versions agree', () => {
  assert.equal(verisim.version, manifest.version);
});

test('the command is a program', async () => {
  const file = manifest.bin.verisim ?? '';
  assert.match(await readFile(new URL(file, root), 'utf8'), /^#!\/usr\/bin\/env node\n/);
});
