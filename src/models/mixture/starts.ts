// From starting centres to starting parameters: every row goes to its nearest centre, and the parameters are those of the groups.
import { multiply, square, subtract } from '../../tensor/operators/arithmetic.js';
import { sum } from '../../tensor/operators/reduce.js';
import type { RowChunks } from '../row-chunks.js';
import { RowReduction } from '../row-reduction.js';
import { at, type DataMoments, type Emission, emptyCount, type Parameters } from './emission.js';
import { given } from './gaussian.js';
import { arraysOf, inFloat64, type Mixture } from './mixture-values.js';
import { nearestCentre } from './nearest-centre.js';

/** Mixtures for several choices of centres [components, features], and what was seen of the data on the way. */
export async function startingMixtures(
  rows: RowChunks,
  { emission, shift, centres }: { emission: Emission; shift: Float64Array; centres: readonly Float64Array[] },
): Promise<{ readonly mixtures: readonly Mixture[]; readonly moments: DataMoments }> {
  const features = shift.length;
  const components = (centres[0]?.length ?? 0) / features;
  const reduction = await RowReduction.over(rows, {
    name: 'start',
    parameters: { shift: [features], centres: [components, features] },
    ...(emission.chunkRows === undefined ? {} : { chunkRows: emission.chunkRows }),
    statistics({ x: raw, weight }, { shift: moved, centres: from }) {
      const x = emission.transform(raw, given(moved));
      const near = subtract(raw, given(moved));
      const assignments = multiply(nearestCentre(near, subtract(given(from), given(moved))).assignments, weight);
      const totals = inFloat64(emission.totals?.(x, weight) ?? {});
      return {
        'data/sums': sum(multiply(near, weight), { axes: 0 }),
        'data/squares': sum(multiply(square(near), weight), { axes: 0 }),
        'start/counts': sum(assignments, { axes: 0 }),
        ...Object.fromEntries(Object.entries(totals).map(([name, total]) => [`total/${name}`, total])),
        ...inFloat64(emission.statistics(x, assignments)),
      };
    },
  });
  try {
    const mixtures: Mixture[] = [];
    let moments: DataMoments | undefined;
    for (const from of centres) {
      const sums = arraysOf(
        await reduction.run({
          shift: { dtype: 'float64', shape: [features], data: shift },
          centres: { dtype: 'float64', shape: [components, features], data: from },
        }),
      );
      moments ??= momentsOf(sums, shift, rows.data.length);
      const counts = sums['start/counts'] ?? new Float64Array();
      mixtures.push({
        weights: startingWeights(counts),
        parameters: emission.maximise({ sums, counts, moments, previous: emission.unknown(from, moments) }),
      });
    }
    return { mixtures, moments: moments ?? momentsOf({}, shift, rows.data.length) };
  } finally {
    await reduction.dispose();
  }
}

/** Shares of the rows; a component without any gets the weight of one row, so that it can still win some. */
function startingWeights(counts: Float64Array): Float64Array {
  const some = counts.map((count) => (count < emptyCount ? 1 : count));
  const total = some.reduce((a, b) => a + b, 0);
  return some.map((count) => count / total);
}

function momentsOf(sums: Parameters, shift: Float64Array, rows: number): DataMoments {
  const prefix = 'total/';
  return {
    rows,
    shift,
    variances: Float64Array.from(shift, (_, d) =>
      Math.max(at(sums['data/squares'], d) / rows - (at(sums['data/sums'], d) / rows) ** 2, 0),
    ),
    totals: Object.fromEntries(
      Object.entries(sums).flatMap(([name, total]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), total] as const] : [],
      ),
    ),
  };
}
