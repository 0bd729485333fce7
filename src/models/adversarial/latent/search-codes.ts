// The search for the codes of rows: some rows at a time, each from several starts, by one compiled program.
import { ConfigError, VerisimError } from '../../../core/errors.js';
import { lowerFor } from '../../../runtime/lower-for.js';
import { float32, type Runtime, type Value, type Values } from '../../../runtime/runtime.js';
import type { Samples } from '../../contract.js';
import { codesName, type InversionStep, rowsName } from './inversion-step.js';
import type { InvertOptions, SearchRules } from './invert-options.js';

/** Codes that are moved together: always as many, so that what is found for a row does not depend on how many there are. */
export const searchBatch = 64;

/** Steps between looks at whether to stop. */
const stepsAtATime = 50;

/** What is searched for. */
export interface Search {
  readonly kind: string;
  readonly rules: SearchRules;
  readonly step: InversionStep;
  /** The values of the step's constants that are the same for all rows. */
  readonly weights: Values;
  /** Those that each row has its own of, [N, ...]. */
  readonly conditions: Values;
  /** [N, ...] */
  readonly rows: Samples;
  /** [N * restarts, latentSize]: where to begin. */
  readonly starts: Float32Array;
}

/**
 * The codes that the search ends at from each start: [N * restarts, latentSize].
 *
 * @throws ConfigError where the steps are so large that numbers overflow; the signal's reason where it is aborted
 */
export async function searchCodes(
  runtime: Runtime,
  { kind, rules, step, weights, conditions, rows, starts }: Search,
  { signal, onProgress }: Pick<InvertOptions, 'signal' | 'onProgress'> = {},
): Promise<Float32Array<ArrayBuffer>> {
  const { restarts, steps, learningRate } = rules;
  const [count = 0] = rows.shape;
  const ownInputs = Object.entries({ ...conditions, [rowsName]: float32(rows.data, rows.shape) });
  const latentSize = starts.length / (count * restarts);
  const rowsAtATime = Math.floor(searchBatch / restarts);
  const found = new Float32Array(starts.length);
  const compiled = await runtime.compileStep(await lowerFor(runtime, step.step));
  try {
    const constants = step.constants.map((name) => [name, weights[name]] as const);
    await compiled.write(Object.fromEntries(constants.flatMap(([name, value]) => (value ? [[name, value]] : []))));
    for (let first = 0; first < count; first += rowsAtATime) {
      const part = Math.min(rowsAtATime, count - first);
      const z = new Float32Array(searchBatch * latentSize);
      z.set(starts.subarray(first * restarts * latentSize, (first + part) * restarts * latentSize));
      await compiled.write({
        // The optimiser begins anew with every part.
        ...step.initial,
        [codesName]: float32(z, [searchBatch, latentSize]),
        ...Object.fromEntries(ownInputs.map(([name, value]) => [name, repeated(value, { first, part, restarts })])),
      });
      for (let done = 0; done < steps; done += stepsAtATime) {
        signal?.throwIfAborted();
        const { loss } = await compiled.run(Math.min(stepsAtATime, steps - done), {});
        if (loss?.every(Number.isFinite) !== true)
          throw new ConfigError(
            `${kind}: the search for codes left the numbers' range with learningRate ${learningRate}; take a smaller one, such as 0.05.`,
          );
      }
      const { [codesName]: codes } = await compiled.read([codesName]);
      if (!(codes?.data instanceof Float32Array)) throw new VerisimError(`${kind}: the search for codes gave none.`);
      found.set(codes.data.subarray(0, part * restarts * latentSize), first * restarts * latentSize);
      onProgress?.(first + part, count);
    }
  } finally {
    await compiled.dispose();
  }
  return found;
}

/** The values of some rows, those of each as often as it has starts; zeros fill the batch up. */
function repeated(
  { data, shape: [rows = 0, ...rest] }: Value,
  { first, part, restarts }: { readonly first: number; readonly part: number; readonly restarts: number },
): Value {
  const width = data.length / rows;
  const values = new Float32Array(searchBatch * width);
  for (let code = 0; code < part * restarts; code++) {
    const row = first + Math.floor(code / restarts);
    for (let i = 0; i < width; i++) values[code * width + i] = Number(data[row * width + i]);
  }
  return float32(values, [searchBatch, ...rest]);
}
