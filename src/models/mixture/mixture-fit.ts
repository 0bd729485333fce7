// Fitting one mixture to some rows: centres, starting parameters, then expectation and maximisation.
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/dataset.js';
import type { Random } from '../../runtime/random.js';
import type { Runtime } from '../../runtime/runtime.js';
import { RowChunks } from '../row-chunks.js';
import { at, type Emission, type Parameters } from './emission.js';
import { type EmRun, maximiseLikelihood } from './expectation-maximisation.js';
import { lloyd } from './lloyd.js';
import { givenCentres, type MixtureOptions, withGiven } from './mixture-options.js';
import type { Mixture } from './mixture-values.js';
import { drawPool, poolMean, seedCentres } from './seeding.js';
import { startingMixtures } from './starts.js';

/** Iterations of k-means before those of EM; it need not have converged. */
const startIterations = 30;

/** What is fitted to what. */
export interface MixtureFit {
  readonly runtime: Runtime;
  readonly data: Dataset;
  readonly emission: Emission;
  readonly options: MixtureOptions;
  readonly stream: Random;
  /** Where to go on from, in place of a start. */
  readonly warm?: Mixture | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly tell: (bound: number, restart: number) => Promise<void>;
}

/** Fits a mixture. @throws ConfigError for fewer rows than components, and where numbers overflow */
export async function fitMixture({
  runtime,
  data,
  emission,
  options,
  stream,
  warm,
  signal,
  tell,
}: MixtureFit): Promise<EmRun> {
  const { components, start, restarts, tolerance, maxIterations, precision } = options;
  if (data.length < components)
    throw new ConfigError(
      `${components} components need at least ${components} rows; "${data.name}" has ${data.length}. ` +
        'Ask for fewer components, or give more rows.',
    );
  const pool = await drawPool(data, components, stream);
  const shift = poolMean(pool);
  // All passes of the fit look at one copy of the data.
  const rows = await RowChunks.open(runtime, { data, ...present({ leastRows: emission.chunkRows }) });
  const common = { rows, ...present({ signal }) };
  const centres = async (): Promise<readonly Float64Array[]> => {
    if (warm !== undefined) return [warm.parameters.means ?? new Float64Array()];
    if (typeof start === 'object') return [givenCentres(start, components, shift.length)];
    const seeds = Array.from({ length: restarts }, (_, restart) =>
      seedCentres(
        pool,
        components,
        start === 'random' ? 'random' : 'k-means++',
        stream.split('centres').split(restart),
      ),
    );
    if (start !== 'k-means') return seeds;
    const limits = { clusters: components, maxIterations: startIterations, tolerance: 1e-4 };
    const runs = await lloyd(seeds, { ...common, ...limits, shift, pool, stream: stream.split('empty') });
    return runs.map((run) => run.centers);
  };
  try {
    const { mixtures, moments } = await startingMixtures(rows, { emission, shift, centres: await centres() });
    const starts = mixtures.map((mixture) => {
      if (warm !== undefined) return warm;
      return typeof start === 'object' ? withGiven(start, mixture, emission, moments) : mixture;
    });
    return await maximiseLikelihood(starts, {
      ...common,
      emission,
      moments,
      tolerance,
      maxIterations,
      precision,
      tell,
    });
  } finally {
    await rows.dispose();
  }
}

/** What looks wrong with a mixture that was fitted, each with what to do about it. */
export function mixtureWarnings(run: EmRun, rows: number, emission: Emission, where: string): string[] {
  const { mixture, lowerBounds, converged, aborted } = run;
  const warnings: string[] = [];
  if (!converged && !aborted)
    warnings.push(
      `The best start${where} did not converge in ${lowerBounds.length} iterations. Try another start, raise maxIterations or ` +
        'tolerance, or check for degenerate data.',
    );
  const components = Array.from(mixture.weights.keys());
  const empty = components.filter((k) => at(mixture.weights, k) * rows < 1e-6);
  if (empty.length > 0)
    warnings.push(
      `No row belongs to ${listed(empty)}${where}: fewer components describe the data. Ask for ` +
        `${components.length - empty.length} components, or try another start or seed.`,
    );
  const copies = components.filter(
    (k) =>
      !empty.includes(k) &&
      components.some((j) => j < k && !empty.includes(j) && areEqual(mixture.parameters, emission, j, k)),
  );
  if (copies.length > 0)
    warnings.push(
      `${listed(copies)}${where} equals another component: fewer components describe the data. Ask for ` +
        `${components.length - copies.length} components, or try another start or seed.`,
    );
  return warnings;
}

function listed(components: readonly number[]): string {
  return `component${components.length > 1 ? 's' : ''} ${components.map((k) => k + 1).join(', ')}`;
}

/** Whether all that two components have of their own is the same up to rounding. */
function areEqual(parameters: Parameters, { shapes }: Emission, j: number, k: number): boolean {
  const [components = 0] = shapes.means ?? [];
  return Object.entries(shapes).every(([name, shape]) => {
    const values = parameters[name] ?? new Float64Array();
    // Tied covariances are of no component.
    if (shape[0] !== components || (name === 'covariances' && shape.length === 2 && shape[0] === shape[1])) return true;
    const size = values.length / components;
    return values.subarray(j * size, (j + 1) * size).every((value, i) => {
      const other = at(values, k * size + i);
      return Math.abs(value - other) <= 1e-9 * Math.max(Math.abs(value), Math.abs(other));
    });
  });
}
