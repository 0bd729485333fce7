// Small inputs of metrics, for tests.
import assert from 'node:assert/strict';
import { computeMetric } from '../compute-metric.js';
import type { ClassProbabilities, MetricInputs } from '../metric.js';
import { metricNamed } from '../registry.js';

/** Computes a metric by name. */
export const compute = (name: string, inputs: Partial<MetricInputs>) => computeMetric(metricNamed(name), inputs);
/** A label for each row. */
export const labelled = (count: number, label: (row: number) => number) =>
  Int32Array.from({ length: count }, (_, i) => label(i));
/** What a sure classifier says. */
export function sure(labels: ArrayLike<number>, classes: number): ClassProbabilities {
  const data = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) data[row * classes + (labels[row] ?? 0)] = 1;
  return { data, rows: labels.length, classes };
}

/** @throws AssertionError where a number is not the expected one */
export function near(actual: number | undefined, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= tolerance, `${actual} is not ${expected}`);
}
