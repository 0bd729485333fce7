// How samples and real rows lie in each other's neighbourhoods: what precision, recall, density and coverage are read from.
//
// The neighbourhood of a row is the ball that reaches to the k-th nearest other row of its own set (Kynkaanniemi, Karras, Laine, Lehtinen
// and Aila 2019, equation 1). Its border belongs to it: a set and its copy lie in each other's balls even where all rows are duplicates
// and all radii 0. (The reference implementations differ: prdc excludes the border, torch-fidelity includes it.)
import { meanOf, roundingOf, shrunkSquares, squaredDistance } from './distances.js';
import type { FeatureRows } from './metric.js';
import { type NearestOptions, nearestRows } from './nearest-rows.js';
import { stage } from './pace.js';
import { visitProducts } from './row-products.js';
import { inWorkspace, type Workspace } from './workspace.js';

/** What is known of each row. */
export interface Manifolds {
  /** [samples]: the real rows in whose neighbourhood it lies. */
  readonly realBallsOfSample: Int32Array;
  /** [real]: the samples in whose neighbourhood it lies. */
  readonly sampleBallsOfReal: Int32Array;
  /** [real]: the samples in its neighbourhood. */
  readonly samplesInReal: Int32Array;
}

/** Neighbours that a ball reaches to: as in prdc, by Naeem, Oh, Uh, Choi and Yoo (2020). */
export const neighbours = 5;

/** Fewer rows have no k-th neighbour. */
export const leastRows = neighbours + 1;

/** Counts who lies in whose neighbourhood, once for the rows of a workspace. */
export async function manifolds(
  { real, samples }: { readonly real: FeatureRows; readonly samples: FeatureRows },
  options: Omit<NearestOptions, 'count' | 'excludeSelf'> = {},
): Promise<Manifolds> {
  return inWorkspace(options, (workspace) =>
    workspace.manifolds.once([real, samples], '', () => count(workspace, real, samples, { ...options, workspace })),
  );
}

/** Seconds for the distances of so many pairs of rows. */
export function secondsOfDistances(pairs: number, width: number): number {
  return 0.2 + pairs * (5e-9 + width * 2.4e-11);
}

/** Seconds for the neighbourhoods of real rows and samples. */
export function secondsOfManifolds({
  real,
  samples,
}: {
  readonly real: FeatureRows;
  readonly samples: FeatureRows;
}): number {
  // Five neighbours and two balls of each pair take longer than one nearest row.
  return 1.3 * secondsOfDistances(real.rows ** 2 + samples.rows ** 2 + real.rows * samples.rows, real.width);
}

async function count(
  workspace: Workspace,
  real: FeatureRows,
  samples: FeatureRows,
  options: Omit<NearestOptions, 'count' | 'excludeSelf'>,
): Promise<Manifolds> {
  const realRadii = await squaredRadii(real, stage(options, 0, 1 / 3));
  const sampleRadii = await squaredRadii(samples, stage(options, 1 / 3, 2 / 3));
  const result: Manifolds = {
    realBallsOfSample: new Int32Array(samples.rows),
    sampleBallsOfReal: new Int32Array(real.rows),
    samplesInReal: new Int32Array(real.rows),
  };
  const { realBallsOfSample, sampleBallsOfReal, samplesInReal } = result;
  const centre = meanOf(real);
  const realSquares = shrunkSquares(real, centre);
  const sampleSquares = shrunkSquares(samples, centre);
  const shifts = sampleSquares.map((square) => -square / 2);
  const slack = 2 * roundingOf(real.width);
  const reaches = sampleSquares.map((square, j) => (sampleRadii[j]! - square) / 2);
  await visitProducts(
    await workspace.runtime(),
    real,
    samples,
    ({ firstA, endA, firstB, endB, products, stride }) => {
      for (let i = firstA; i < endA; i++) {
        const at = (i - firstA) * stride - firstB;
        const [radius, square] = [realRadii[i]!, realSquares[i]!];
        const [least, leastOfSample] = [(square - radius) / 2, square / 2];
        for (let j = firstB; j < endB; j++) {
          const product = products[at + j]!;
          // A lower bound of the distance is beyond both radii.
          if (product + shifts[j]! < least && product + reaches[j]! < leastOfSample) continue;
          // Most pairs that are left are within a radius beyond doubt; the others are decided exactly.
          const squaresOfBoth = square + sampleSquares[j]!;
          const most = squaresOfBoth - 2 * product + slack * squaresOfBoth;
          const isSure = most <= radius && most <= sampleRadii[j]!;
          const distance = isSure ? most : squaredDistance(real, i, samples, j);
          if (distance <= radius) {
            realBallsOfSample[j]!++;
            samplesInReal[i]!++;
          }
          if (distance <= sampleRadii[j]!) sampleBallsOfReal[i]!++;
        }
      }
    },
    { ...stage(options, 2 / 3, 1), centre },
  );
  return result;
}

/** The square of the distance of each row to its k-th neighbour, as squaredDistance has it. */
async function squaredRadii(rows: FeatureRows, options: NearestOptions): Promise<Float64Array> {
  const { indices } = await nearestRows(rows, rows, { ...options, count: neighbours, excludeSelf: true });
  return Float64Array.from({ length: rows.rows }, (_, row) =>
    squaredDistance(rows, row, rows, indices[(row + 1) * neighbours - 1]!),
  );
}
