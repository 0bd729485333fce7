// What "verisim sample" does.
import { extname } from 'node:path';
import { ConfigError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { present } from '../../core/present.js';
import { writeFileAtomic } from '../../data/index.js';
import { encodeSamples, naturalEnding, sampleEndings } from '../../models/encode-samples.js';
import { load } from '../../models/node/load.js';
import { freshSeed } from '../../runtime/random.js';
import { counted } from '../counted.js';
import type { SampleArguments } from '../sample.js';
import { conditionalModel, samplingModel, truncatingModel } from './able-model.js';

export async function sample(
  folder: string,
  { count, seed = freshSeed(), given, truncation, out, json }: SampleArguments,
): Promise<void> {
  const wanted = out === undefined ? undefined : extname(out).toLowerCase();
  if (wanted === '')
    throw new ConfigError(
      `--out ${out} has no ending that says what to write; give it one of ${sampleEndings.join(', ')}.`,
    );
  if (wanted !== undefined && !sampleEndings.includes(wanted)) throw unknownName('kind of file', wanted, sampleEndings);
  const model = samplingModel(await load(folder));
  try {
    if (given !== undefined) checkClass(given, conditionalModel(model).labels);
    if (truncation !== undefined) truncatingModel(model);
    const asked = present({ given: given === undefined ? undefined : { label: given }, truncation });
    const samples = await model.sample(count, { seed, ...asked });
    const exampleShape = samples.shape.slice(1);
    const ending = wanted ?? naturalEnding(exampleShape);
    const path = out ?? `samples${ending}`;
    await writeFileAtomic(path, await encodeSamples(samples, ending, model.table));
    const document = { out: path, model: model.kind, shape: samples.shape, seed, given, truncation };
    process.stdout.write(
      json === true
        ? `${JSON.stringify(document)}\n`
        : `${path}: ${counted(count, 'sample')} of ${exampleShape.join('x')}${given === undefined ? '' : ` of class ${given}`}, drawn with seed ${seed}\n`,
    );
  } finally {
    await model.dispose();
  }
}

/** @throws UnknownNameError, suggesting the nearest */
function checkClass(name: string, classes: readonly string[]): void {
  if (!classes.includes(name)) throw unknownName('class', name, classes);
}
