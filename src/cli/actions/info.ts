// What "verisim info" does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { load } from '../../models/node/load.js';
import { readModelFolder } from '../../models/node/model-folder.js';
import { readMetrics, readRunConfig } from '../../training/node/run-folder.js';

export async function info(
  folder: string,
  { explain: wantsProgram, json }: { readonly explain?: boolean; readonly json?: boolean },
): Promise<void> {
  if (!existsSync(folder)) throw new RunFolderError(`There is no folder ${folder}. Look in runs/.`);
  const isRun = existsSync(join(folder, 'config.json'));
  const run = isRun ? await readRunConfig(folder) : undefined;
  const modelFolder = isRun ? join(folder, 'model') : folder;
  const saved = !isRun || existsSync(join(modelFolder, 'model.json')) ? await readModelFolder(modelFolder) : undefined;
  const last = (await readMetrics(folder)).at(-1);
  const weights = Object.entries(saved?.weights ?? {}).map(([name, { shape, data }]) => ({
    name,
    shape,
    size: data.length,
  }));
  const size = weights.reduce((total, weight) => total + weight.size, 0);
  if (json === true) {
    process.stdout.write(
      `${JSON.stringify({ folder, run, model: saved && { kind: saved.kind, config: saved.config }, weights, size, last })}\n`,
    );
    return;
  }
  const lines: string[] = [];
  if (run !== undefined) {
    const { data, training } = run;
    lines.push(`run       ${folder}`, `model     ${run.model} ${JSON.stringify(run.options)}`);
    lines.push(`data      ${data.name}, ${data.split}: ${data.length} rows of ${data.exampleShape.join('x')}`);
    lines.push(
      `training  ${Object.entries(training)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    );
  } else if (saved !== undefined) lines.push(`model     ${saved.kind} ${JSON.stringify(saved.config)}`);
  if (last !== undefined)
    lines.push(
      `progress  step ${last.step}, epoch ${last.epoch}: ${Object.entries(last.metrics)
        .map(([name, value]) => `${name} ${value.toFixed(4)}`)
        .join(', ')}`,
    );
  if (saved === undefined) lines.push('weights   none yet: the run was interrupted before its first checkpoint');
  else {
    lines.push(`weights   ${size.toLocaleString('en')} numbers`);
    for (const { name, shape, size: count } of weights)
      lines.push(`  ${name.padEnd(36)} [${shape.join(', ')}]  ${count.toLocaleString('en')}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  if (wantsProgram === true) {
    const { explain } = await import('../../tensor/explain.js');
    const model = await load(folder);
    if ('samplingProgram' in model && typeof model.samplingProgram === 'function')
      process.stdout.write(`\n${explain(model.samplingProgram())}\n`);
    await model.dispose();
  }
}
