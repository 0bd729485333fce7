// Whether rows are finite numbers, as quickly as they can be read.
import { ConfigError } from '../../core/errors.js';

/** @throws ConfigError naming row and place of a number that is not finite, in rows from number `first` on */
export function checkFinite(kind: string, data: Float32Array, size: number, first: number): void {
  // Zero times anything that is not finite is no number; four sums do not wait for each other.
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = data.length - (data.length % 4);
  for (let i = 0; i < fours; i += 4) {
    a += data[i]! * 0;
    b += data[i + 1]! * 0;
    c += data[i + 2]! * 0;
    d += data[i + 3]! * 0;
  }
  for (let i = fours; i < data.length; i++) a += data[i]! * 0;
  if (a + b + c + d === 0) return;
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  throw new ConfigError(
    `${kind}: row ${first + Math.floor(wrong / size)} holds ${data[wrong]} at position ${wrong % size}; ` +
      'rows have to be finite numbers, so fill missing values in or leave such rows out.',
  );
}
