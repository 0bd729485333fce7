// Codes for a model without an encoder: the z that the generator makes a row of is searched for.
//
// Of 512 random codes the nearest few are where the descent begins: the loss has many valleys, and a start in the right one is worth more
// than many steps. Lipton and Tripathi 2017; Creswell and Bharath 2016; the formula stands in inversion-step.ts.
import { present } from '../../../core/present.js';
import { type Random, random } from '../../../runtime/random.js';
import type { Runtime, Values } from '../../../runtime/runtime.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Samples } from '../../contract.js';
import { checkRows, pickRows } from '../../rows.js';
import { bestCodes, type Inversion } from './best-codes.js';
import { type CodePart, inversionStep } from './inversion-step.js';
import { candidates, type InvertOptions, type SearchRules, searchRules } from './invert-options.js';
import { nearestCodes } from './nearest-codes.js';
import { searchBatch, searchCodes } from './search-codes.js';
import { truncatedCodes } from './truncated-codes.js';

/** A generator whose codes are searched for. */
export interface InvertibleGenerator {
  readonly kind: string;
  readonly latentSize: number;
  readonly exampleShape: readonly number[];
  /** The values of the inputs that `generate` has beside the codes, and perhaps others. */
  readonly weights: Values;
  /** What each number of a code is. Default: all are normal. */
  readonly parts?: readonly CodePart[];
  /** Codes [count, latentSize] as samples have them, within the truncation where there is one. Default: from N(0, I). */
  drawCodes?(count: number, stream: Random, truncation: number | undefined): Float32Array<ArrayBuffer>;
  /** Rows of codes z [N, latentSize]; what rows are known to be about are inputs with N rows, too. */
  generate(z: Tensor): Tensor;
  /** Rows of codes, given the labels that come with them. */
  decode(z: Samples): Promise<Samples>;
  /** The float32 values [N, ...] of the inputs that say what rows of some labels are about. Default: there are none. */
  conditionsOf?(rows: Pick<Samples, 'labels'>): Values;
  runtime(): Promise<Runtime>;
}

/**
 * The codes of rows [N, ...].
 *
 * @throws ShapeError for rows of another shape, ConfigError for options out of range and rows that are not finite
 */
export async function invertRows(
  generator: InvertibleGenerator,
  x: Samples,
  options: InvertOptions = {},
): Promise<Inversion> {
  const { kind, latentSize, exampleShape, weights } = generator;
  const rules = searchRules(kind, options);
  const count = checkRows(kind, x, exampleShape);
  const conditions = generator.conditionsOf?.(x) ?? {};
  const own = new Set(Object.keys(conditions));
  const parts = generator.parts ?? Array.from({ length: latentSize }, () => 'normal' as const);
  const step = inversionStep(kind, (z) => generator.generate(z), { batch: searchBatch, parts }, rules);
  const found = await searchCodes(
    await generator.runtime(),
    {
      ...{ kind, rules, weights, conditions, rows: x },
      step: { ...step, constants: step.constants.filter((name) => !own.has(name)) },
      starts: await startsOf(generator, x, rules),
    },
    present({ signal: options.signal, onProgress: options.onProgress }),
  );
  const { restarts, priorWeight } = rules;
  const labels = x.labels;
  const repeated =
    labels === undefined
      ? undefined
      : Int32Array.from({ length: count * restarts }, (_, code) => labels[Math.floor(code / restarts)] ?? 0);
  const codes: Samples = { data: found, shape: [count * restarts, latentSize], ...present({ labels: repeated }) };
  const best = bestCodes(x, { codes, decoded: await generator.decode(codes) }, { parts, priorWeight });
  return {
    codes: { ...best.codes, ...present({ labels }) },
    reconstructions: { ...best.reconstructions, ...present({ labels }) },
    errors: best.errors,
  };
}

/** Where the search begins: [N * restarts, latentSize]. Of what labels say, candidates are tried that are about the same. */
async function startsOf(
  generator: InvertibleGenerator,
  x: Samples,
  { seed, restarts, truncation }: SearchRules,
): Promise<Float32Array> {
  const { latentSize } = generator;
  const limit = Number.isFinite(truncation) ? truncation : undefined;
  const stream = random(seed).split('starts');
  const drawn =
    generator.drawCodes?.(candidates, stream, limit) ?? truncatedCodes(stream, candidates * latentSize, limit);
  const tried: Samples = { data: drawn, shape: [candidates, latentSize] };
  const { labels } = x;
  if (generator.conditionsOf === undefined || labels === undefined)
    return nearestCodes(x, tried, await generator.decode(tried), restarts);
  const size = restarts * latentSize;
  const starts = new Float32Array((x.shape[0] ?? 0) * size);
  for (const label of new Set(labels)) {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === label);
    const decoded = await generator.decode({ ...tried, labels: new Int32Array(candidates).fill(label) });
    const nearest = nearestCodes(pickRows(x, rows), tried, decoded, restarts);
    for (const [place, row] of rows.entries())
      starts.set(nearest.subarray(place * size, (place + 1) * size), row * size);
  }
  return starts;
}
