// The conditional of one number, given what the network says about it.
import type { Random } from '../../runtime/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Survey } from '../survey.js';

/** A family of conditionals. */
export interface Output {
  /** How many values of the network say what one conditional is. */
  readonly parameters: number;
  /** Whether the network sees numbers of mean 0 and variance 1, rows being moved and scaled on the way in and out. */
  readonly standardises: boolean;
  /** log p(x_d | values) of rows [N, D] and values [N, parameters * D], each parameter of all numbers together: [N, D]. */
  logProb(values: Tensor, x: Tensor): Tensor;
  /** Draws a number from its conditional; `values` holds its parameters. */
  draw(values: Float64Array, stream: Random): number;
  /** Values [parameters * D] to begin with, from the data's moments. */
  initial(found: Survey, rows: number): Float32Array;
}
