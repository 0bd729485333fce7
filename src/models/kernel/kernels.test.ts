import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { constant, evaluate } from '../../tensor/index.js';
import { type Kernel, kernels, logBallVolume } from './kernels.js';

/** K(r) at many radii. */
function valuesOf(kernel: Kernel, radii: Float64Array): Float64Array {
  const [profile] = evaluate(
    [
      kernel.profile(
        constant(
          radii.map((r) => r * r),
          [radii.length],
          'float64',
        ),
      ),
    ],
    {},
  );
  return kernel.isCompact ? profile!.data : profile!.data.map(Math.exp);
}

/** The integral of K(r) r^power from 0 on, by the midpoint rule, times the surface of the unit sphere. */
function radialIntegral(kernel: Kernel, dimensions: number, power: number): number {
  const [end, steps] = [kernel.isCompact ? 1 : 40 + 2 * dimensions, 200_000];
  const radii = Float64Array.from({ length: steps }, (_, i) => ((i + 0.5) * end) / steps);
  const surface = dimensions * Math.exp(logBallVolume(dimensions));
  const values = valuesOf(kernel, radii);
  return radii.reduce((sum, r, i) => sum + values[i]! * r ** power, 0) * (end / steps) * surface;
}

test('the volume of the unit ball', () => {
  // 2, pi, 4/3 pi, pi^2 / 2
  for (const [dimensions, volume] of [2, Math.PI, (4 / 3) * Math.PI, Math.PI ** 2 / 2].entries())
    assert.ok(Math.abs(Math.exp(logBallVolume(dimensions + 1)) - volume) < 1e-14 * volume);
});

for (const [name, kernel] of Object.entries(kernels))
  for (const dimensions of [1, 2, 3, 6, 21]) {
    test(`${name} in ${dimensions} dimensions: its integral`, () => {
      const integral = radialIntegral(kernel, dimensions, dimensions - 1);
      // The midpoint rule's error is below (end / steps)^2 of the integrand's curvature.
      assert.ok(Math.abs(Math.exp(kernel.logIntegral(dimensions)) / integral - 1) < 1e-5);
    });

    test(`${name} in ${dimensions} dimensions: its radii`, () => {
      const integral = Math.exp(kernel.logIntegral(dimensions));
      const [mean, square] = [dimensions, dimensions + 1].map(
        (power) => radialIntegral(kernel, dimensions, power) / integral,
      );
      const count = 20_000;
      const stream = random(dimensions);
      const radii = Float64Array.from({ length: count }, () => kernel.radius(dimensions, stream));
      const drawn = radii.reduce((sum, r) => sum + r, 0) / count;
      const deviation = Math.sqrt(square! - mean! ** 2);
      // Four standard errors of the mean.
      assert.ok(Math.abs(drawn - mean!) < (4 * deviation) / Math.sqrt(count), `mean ${drawn}, not ${mean}`);
      const drawnSquare = radii.reduce((sum, r) => sum + r * r, 0) / count;
      assert.ok(Math.abs(drawnSquare / square! - 1) < 0.06, `mean square ${drawnSquare}, not ${square}`);
    });
  }

test('784 dimensions neither overflow nor lose digits', () => {
  for (const kernel of Object.values(kernels)) assert.ok(Number.isFinite(kernel.logIntegral(784)));
  // Near the surface of the ball, where all of its volume is, cos(pi r / 2) is pi / 2 (1 - r) up to 1 / d^2.
  const difference = kernels.cosine.logIntegral(784) - kernels.linear.logIntegral(784);
  assert.ok(Math.abs(difference - Math.log(Math.PI / 2)) < 1e-4);
});
