// The layer rule of the architecture: imports only ever point downwards.
//   node scripts/layers.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** Each folder of src/ and what it may import besides itself. The root file index.ts may import all. */
const allowed = {
  core: [],
  tensor: ['core'],
  runtime: ['core', 'tensor'],
  nn: ['core', 'tensor', 'runtime'],
  data: ['core', 'runtime'],
  plot: ['core'],
  metrics: ['core', 'tensor', 'runtime', 'nn', 'data'],
  training: ['core', 'tensor', 'runtime', 'nn', 'data', 'plot'],
  models: ['core', 'tensor', 'runtime', 'nn', 'data', 'plot', 'training', 'metrics'],
  report: ['core', 'tensor', 'runtime', 'nn', 'data', 'plot', 'training', 'metrics', 'models'],
  server: ['core', 'tensor', 'runtime', 'nn', 'data', 'plot', 'training', 'metrics', 'models', 'report'],
  cli: ['core', 'tensor', 'runtime', 'nn', 'data', 'plot', 'training', 'metrics', 'models', 'report', 'server'],
};
/** The only folder that may name ONNX Runtime, and its two adapters, which never meet. */
const onnxRuntimeHome = 'runtime';

const problems = [];
for (const name of readdirSync('src', { recursive: true })) {
  if (!name.endsWith('.ts')) continue;
  const file = join('src', name);
  const [folder] = name.split(sep);
  const isRootFile = !name.includes(sep);
  const isTest = name.endsWith('.test.ts');
  if (!isRootFile && !(folder in allowed)) problems.push(`${file}: folder src/${folder} is not in the layer table`);
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (specifier.startsWith('onnxruntime-') && folder !== onnxRuntimeHome)
      problems.push(`${file}: only src/${onnxRuntimeHome} may import ${specifier}`);
    if (name.endsWith('.browser.ts') && (specifier.startsWith('node:') || specifier.includes('.node.')))
      problems.push(`${file}: browser code imports ${specifier}`);
    if (!specifier.startsWith('.') || isRootFile || isTest) continue;
    const target = normalize(join(dirname(name), specifier));
    const [targetFolder] = target.split(sep);
    // The command "bench" loads the benchmarks, which stand beside src/.
    if (targetFolder === '..') {
      if (folder !== 'cli' || !target.startsWith(join('..', 'bench', '')))
        problems.push(`${file}: imports ${specifier} outside src/`);
    } else if (!target.includes(sep)) problems.push(`${file}: imports the root file ${specifier}`);
    else if (targetFolder !== folder && !allowed[folder]?.includes(targetFolder))
      problems.push(`${file}: src/${folder} may not import src/${targetFolder} (${specifier})`);
  }
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'layers: imports point downwards' : `layers: ${problems.length} violations`);
process.exitCode = problems.length === 0 ? 0 : 1;
