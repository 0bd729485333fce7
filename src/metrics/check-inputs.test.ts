import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { checkFeatures, checkImagePairs, checkLabels, checkProbabilities } from './check-inputs.js';
import { rowsOfWidth } from './testing/rows.js';

const asking = { title: 'Some metric', minimumRows: 2 };

function refuses(run: () => void, kind: new (message: string) => Error, message: RegExp): void {
  assert.throws(run, (error) => error instanceof kind && message.test(error.message));
}

test('what fits passes', () => {
  checkFeatures(asking, { real: rowsOfWidth(2, [1, 2, 3, 4]), samples: rowsOfWidth(2, [1, 2, 3, 4, 5, 6]) });
  checkLabels(asking, 'realLabels', Int32Array.of(0, 2), 2, 3);
  checkProbabilities(asking, 'sampleClasses', { data: Float32Array.of(0.3, 0.7, 1, 0), rows: 2, classes: 2 });
});

test('too few rows: says how many are needed, and how to come by them', () => {
  const one = rowsOfWidth(2, [1, 2]);
  const two = rowsOfWidth(2, [1, 2, 3, 4]);
  refuses(() => checkFeatures(asking, { real: one }), DatasetError, /at least 2 rows of "real"; received 1.*split/);
  refuses(() => checkFeatures(asking, { real: two, samples: one }), DatasetError, /"samples"; received 1. Draw more/);
});

test('widths that differ, and numbers that do not fill the rows', () => {
  const two = rowsOfWidth(2, [1, 2, 3, 4]);
  refuses(
    () => checkFeatures(asking, { real: two, samples: rowsOfWidth(1, [1, 2]) }),
    ShapeError,
    /"real" has 2 numbers a row, "samples" 1/,
  );
  refuses(() => checkFeatures(asking, { real: { ...two, rows: 3 } }), ShapeError, /3 rows of 2 numbers and holds 4/);
  refuses(() => checkFeatures(asking, { real: { ...two, width: 0 } }), ShapeError, /rows of 0/);
});

test('numbers that are none', () => {
  refuses(
    () => checkFeatures(asking, { real: rowsOfWidth(2, [1, 2, 3, Number.NaN]) }),
    DatasetError,
    /row 1 of "real" holds NaN at position 1 of 2/,
  );
  refuses(
    () => checkFeatures(asking, { samples: rowsOfWidth(1, [Number.POSITIVE_INFINITY, 2]) }),
    DatasetError,
    /Infinity.*diverged/,
  );
});

test('labels that are missing or no class', () => {
  refuses(() => checkLabels(asking, 'realLabels', Int32Array.of(1), 2), ShapeError, /1 labels for 2 rows/);
  refuses(() => checkLabels(asking, 'realLabels', Int32Array.of(0, -1), 2), DatasetError, /row 1.*label -1/);
  refuses(() => checkLabels(asking, 'realLabels', Int32Array.of(0, 3), 2, 3), DatasetError, /from 0 to 2/);
});

test('probabilities that are none', () => {
  const of = (...data: number[]) => ({ data: Float64Array.from(data), rows: data.length / 2, classes: 2 });
  refuses(
    () => checkProbabilities(asking, 'c', of(0.5, 0.5, 2, 3)),
    DatasetError,
    /row 1 of "c".*add up to 5.*not logits/,
  );
  refuses(() => checkProbabilities(asking, 'c', of(0.5, 0.5, 2, -1)), DatasetError, /not all numbers from 0/);
  refuses(() => checkProbabilities(asking, 'c', of(Number.NaN, 1, 0, 1)), DatasetError, /row 0/);
  refuses(() => checkProbabilities(asking, 'c', of(0, 1)), DatasetError, /at least 2/);
  refuses(() => checkProbabilities(asking, 'c', { ...of(0, 1, 0, 1), classes: 1 }), ShapeError, /at least 2 classes/);
});

test('images of two shapes, and values outside [0, 1]', () => {
  const of = (count: number, ...data: number[]) => ({
    data: Float64Array.from(data),
    shape: [count, 1, 1, data.length / count] as const,
  });
  checkImagePairs(asking, { originals: of(2, 0, 1), reconstructions: of(2, 0.5, 0.5) });
  refuses(
    () => checkImagePairs(asking, { originals: of(2, 0, 1), reconstructions: of(2, 0, 1, 0, 1) }),
    ShapeError,
    /"originals" has the shape \[2, 1, 1, 1\], "reconstructions" \[2, 1, 1, 2\]/,
  );
  refuses(() => checkImagePairs(asking, { originals: of(2, 0, 1.5) }), DatasetError, /image 1 .* holds 1.5/);
  refuses(() => checkImagePairs(asking, { originals: of(2, 0, Number.NaN) }), DatasetError, /holds NaN/);
  refuses(() => checkImagePairs(asking, { originals: of(1, 0) }), DatasetError, /at least 2/);
  refuses(
    () => checkImagePairs(asking, { originals: { data: new Float32Array(3), shape: [2, 1, 1, 1] } }),
    ShapeError,
    /holds 3 numbers/,
  );
});
