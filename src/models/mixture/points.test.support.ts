// Data of the mixtures' tests.
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';

/** 240 rows of 3 numbers that a line of Python makes as well, see the tests. */
export const threeGroups: Float32Array = Float32Array.from({ length: 240 * 3 }, (_, index) => {
  const [n, d] = [Math.floor(index / 3), index % 3];
  if (d === 0) return ((n * 37) % 101) / 25 + (n % 3) * 3;
  if (d === 1) return ((n * 53) % 97) / 30 - (n % 3) * 2;
  return ((n * 71) % 89) / 40 + (n % 2) * 1.5;
});

/** These rows as a data set. */
export function threeGroupsData(): Dataset {
  return fromArrays({ x: threeGroups, shape: [3], name: 'three groups' });
}

/** Rows of two Gaussians, x = mean + noise: 30 % around (-2, 1) with deviations (0.5, 1), the others around (3, 0) with (1, 0.3). */
export function twoGaussians(count: number): Dataset {
  const stream = random(11);
  const noise = stream.split('noise').normal(2 * count);
  const uniform = stream.split('component').uniform(count);
  const labels = Int32Array.from(uniform, (value) => (value < 0.3 ? 0 : 1));
  const means = [-2, 1, 3, 0];
  const deviations = [0.5, 1, 1, 0.3];
  const x = noise.map((value, index) => {
    const place = (labels[Math.floor(index / 2)] ?? 0) * 2 + (index % 2);
    return (means[place] ?? 0) + (deviations[place] ?? 0) * value;
  });
  return fromArrays({ x, shape: [2], labels, classes: ['left', 'right'], name: 'two Gaussians' });
}

/**
 * 240 rows of 6 numbers that two others explain in part. In Python, with a, b = (n*37%101)/25, (n*53%97)/30:
 * Y = np.stack([a*(d-2)/2 + b*(d*d%5)/4 + (n*(2*d+7)%(11+2*d))/8 for d in range(6)], 1).astype(np.float32).astype(np.float64)
 */
export const sixFeatures: Dataset = fromArrays({
  x: Float32Array.from({ length: 240 * 6 }, (_, index) => {
    const [n, d] = [Math.floor(index / 6), index % 6];
    const [a, b] = [((n * 37) % 101) / 25, ((n * 53) % 97) / 30];
    return (a * (d - 2)) / 2 + (b * ((d * d) % 5)) / 4 + ((n * (2 * d + 7)) % (11 + 2 * d)) / 8;
  }),
  shape: [6],
  name: 'six features',
});
