// Codes for a model without an encoder: the z that the generator makes a row of is searched for.
//
// Of 512 random codes the nearest few are where the descent begins: the loss has many valleys, and a start in the right one is worth more
// than many steps. Lipton and Tripathi 2017; Creswell and Bharath 2016; the formula stands in inversion-step.ts.
import { present } from '../../../core/present.js';
import { random } from '../../../runtime/random.js';
import type { Runtime, Values } from '../../../runtime/runtime.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Samples } from '../../contract.js';
import { checkRows } from '../../rows.js';
import { bestCodes, type Inversion } from './best-codes.js';
import { inversionStep } from './inversion-step.js';
import { candidates, type InvertOptions, searchRules } from './invert-options.js';
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
  /** Rows of codes [N, latentSize]. */
  generate(z: Tensor): Tensor;
  decode(z: Samples): Promise<Samples>;
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
  const limit = Number.isFinite(rules.truncation) ? rules.truncation : undefined;
  const tried: Samples = {
    data: truncatedCodes(random(rules.seed).split('starts'), candidates * latentSize, limit),
    shape: [candidates, latentSize],
  };
  const starts = nearestCodes(x, tried, await generator.decode(tried), rules.restarts);
  const step = inversionStep(kind, (z) => generator.generate(z), { batch: searchBatch, latentSize }, rules);
  const found = await searchCodes(
    await generator.runtime(),
    { kind, rules, step, weights, rows: x, starts },
    present({ signal: options.signal, onProgress: options.onProgress }),
  );
  const codes: Samples = { data: found, shape: [count * rules.restarts, latentSize] };
  const best = bestCodes(x, { codes, decoded: await generator.decode(codes) }, rules.priorWeight);
  const labels = present({ labels: x.labels });
  return {
    codes: { ...best.codes, ...labels },
    reconstructions: { ...best.reconstructions, ...labels },
    errors: best.errors,
  };
}
