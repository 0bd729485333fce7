// The class that a classifier calls each row: the most probable one, of equally probable ones the first.
import type { ClassProbabilities } from './metric.js';

/** The most probable class of each row, [rows]. */
export function predictedLabels({ data, rows, classes }: ClassProbabilities): Int32Array {
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let label = 1; label < classes; label++)
      if ((data[row * classes + label] ?? 0) > (data[row * classes + best] ?? 0)) best = label;
    labels[row] = best;
  }
  return labels;
}
