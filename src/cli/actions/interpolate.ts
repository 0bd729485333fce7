// What "verisim interpolate" does.
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/index.js';
import type { FittableModel, HasDecoder, HasLatent, Samples } from '../../models/contract.js';
import { sampleEndings } from '../../models/encode-samples.js';
import { hasDecoder } from '../../models/tools/abilities.js';
import { interpolateCodes } from '../../models/tools/interpolate-codes.js';
import { samplesOf } from '../../models/tools/rows.js';
import { random } from '../../runtime/random.js';
import { counted } from '../counted.js';
import type { InterpolateArguments } from '../interpolate.js';
import { decodingModel, latentModel } from './able-model.js';
import { withModel, withRun } from './opened-run.js';
import { defaultFile, writeGrid } from './picture-file.js';
import { checkResultFile } from './result-file.js';

/** Which ways. */
export interface Ways {
  readonly pairs: number;
  readonly steps: number;
  readonly seed: number;
}

export async function interpolate(folder: string, options: InterpolateArguments): Promise<void> {
  checkResultFile(options.out, sampleEndings);
  const { data, split, ...ways } = options;
  if (data !== undefined)
    await withRun(folder, options, latentModel, async ({ model, data: rows, title }) => {
      await write(folder, model, await waysBetweenRows(model, rows, ways), `rows of ${title}`, options);
    });
  else if (split !== undefined) throw new ConfigError('--split says which rows of --data; give both, or neither.');
  else
    await withModel(folder, decodingModel, async (model) => {
      await write(folder, model, await waysBetweenCodes(model, ways), 'random codes', options);
    });
}

/** Ways between rows of data, chosen at random: [pairs * steps, ...]. */
export async function waysBetweenRows(model: HasLatent, data: Dataset, { pairs, steps, seed }: Ways): Promise<Samples> {
  const stream = random(seed).split('ends');
  const [from, to] = [stream.split('from'), stream.split('to')].map((end) => end.integers(pairs, 0, data.length));
  if (from === undefined || to === undefined) throw new ConfigError('A way needs two ends.');
  return model.interpolate(await samplesOf(data, from), await samplesOf(data, to), steps);
}

/** Ways between codes drawn from N(0, I): [pairs * steps, ...]. @throws ConfigError for a model that does not tell its codes' size */
export async function waysBetweenCodes(
  model: FittableModel & (HasLatent | HasDecoder),
  { pairs, steps, seed }: Ways,
): Promise<Samples> {
  if (!hasDecoder(model))
    throw new ConfigError(`${model.kind} has codes of rows only: name rows to go between with --data.`);
  const { latentSize } = model;
  const stream = random(seed).split('ends');
  const end = (name: string): Samples => ({
    data: stream.split(name).normal(pairs * latentSize),
    shape: [pairs, latentSize],
  });
  return model.decode(interpolateCodes(end('from'), end('to'), steps));
}

async function write(
  folder: string,
  { kind, table }: FittableModel,
  samples: Samples,
  between: string,
  { pairs, steps, seed, json, ...options }: InterpolateArguments,
): Promise<void> {
  const out = options.out ?? defaultFile('interpolation', samples.shape.slice(1));
  await writeGrid(out, samples, steps, table);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ run: folder, model: kind, between, pairs, steps, seed, shape: samples.shape, out })}\n`
      : `${out}: ${counted(pairs, 'way')} of ${steps} rows between ${between}, seed ${seed}\n`,
  );
}
