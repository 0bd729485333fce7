// The programs that a fitted variational autoencoder runs. All take rows or codes of any number; a conditional one also the classes of
// each as y [N, classes], ones and zeros.
import { exampleSize, isImageShape } from '../../data/dataset.js';
import { clip, sum, transpose } from '../../tensor/index.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { VaeNetworks } from './vae-networks.js';
import { weightInputs } from './vae-objective.js';
import type { VaeConfig } from './vae-options.js';

/** The programs by what they do. */
export interface VaePrograms {
  /** x -> z [N, latentSize], the posterior means. */
  encode(): Program;
  /** z -> x [N, ...exampleShape], the means of p(x | z). */
  decode(): Program;
  /** z, noise [N, size] -> x [N, ...exampleShape], drawn from p(x | z). */
  draw(): Program;
  /** x, noise [N, latentSize] -> logProb [N], kl [N]: the terms of the evidence lower bound. */
  elbo(): Program;
  /** x, noise [N, codes, latentSize] -> logProb, logRatio [codes, N]: the terms of log importance weights. */
  importance(codes: number): Program;
}

/** The programs of a model for rows of some shape and a number of classes, 0 for none. */
export function vaePrograms(
  networks: VaeNetworks,
  { latentSize, ema }: VaeConfig,
  exampleShape: readonly number[],
  classes: number,
): VaePrograms {
  const { inputs, apply } = weightInputs(networks, ema > 0);
  const x = batchInput('x', exampleShape);
  const z = batchInput('z', [latentSize]);
  const y = classes === 0 ? undefined : batchInput('y', [classes]);
  const inRange = (rows: Tensor): Tensor => (isImageShape(exampleShape) ? clip(rows, 0, 1) : rows);
  return {
    encode: () => ({ name: 'vae-encode', results: { z: networks.posterior(x, y, apply).mean } }),
    decode: () => ({ name: 'vae-decode', results: { x: inRange(networks.means(z, y, apply)) } }),
    draw: () => {
      const noise = batchInput('noise', [exampleSize(exampleShape)]);
      return { name: 'vae-draw', results: { x: inRange(networks.draws(z, y, noise, inputs, apply)) } };
    },
    elbo: () => {
      const { logProb, kl } = networks.elbo(x, y, batchInput('noise', [latentSize]), inputs, apply);
      return { name: 'vae-elbo', results: { logProb, kl: sum(kl, { axes: [1] }) } };
    },
    importance: (codes) => {
      const noise = transpose(batchInput('noise', [codes, latentSize]), [1, 0, 2]);
      const { logProb, logRatio } = networks.importance(x, y, noise, inputs, apply);
      return { name: 'vae-importance', results: { logProb, logRatio } };
    },
  };
}
