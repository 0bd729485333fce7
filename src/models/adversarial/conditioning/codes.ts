// Discovered codes (InfoGAN, Chen et al. 2016): some numbers c of the code shall be told from the sample by a network Q, which shares
// the discriminator's layers. Both players maximise the bound on what a sample says about them,
//
//   I(c; G(z, c)) >= H(c) + E log Q(c | G(z, c))                                          (equation 5)
//
// with Q categorical for categories, and a Gaussian of variance 1 for continuous codes, as in the paper's experiments on digits.
import { activation } from '../../../nn/layers/activation.js';
import { sequential } from '../../../nn/layers/sequential.js';
import { crossEntropyFromLogits } from '../../../nn/losses/cross-entropy.js';
import { add, cast, floor, minimum, multiply, square, subtract } from '../../../tensor/index.js';
import { oneHot } from '../../../tensor/operators/gather.js';
import { mean, sum } from '../../../tensor/operators/reduce.js';
import { reshape } from '../../../tensor/operators/reshape.js';
import { concat, slice } from '../../../tensor/operators/slice.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { AdversarialConfig } from '../adversarial-options.js';
import { codeLayout } from './code-layout.js';
import { conditionInput } from './condition-input.js';
import type { Conditioning } from './conditioning.js';
import { sideBySide } from './side-by-side.js';

/** Units of Q's own hidden layer, as in the paper. */
const ownUnits = 128;

/** Categories and continuous codes that the model finds a meaning for. */
export function codes(config: AdversarialConfig): Conditioning {
  const { noise, categories, continuous, size: whole } = codeLayout(config);
  const size = whole - noise;
  /** Minus the mean log-probability of the categories, and the mean squared error of the continuous codes, both summed over codes. */
  const errors = (told: Tensor, meant: Tensor): { categorical: Tensor[]; squared: Tensor | undefined } => {
    let place = 0;
    const part = (x: Tensor, length: number): Tensor => slice(x, 1, place, place + length);
    const categorical = categories.map((values) => {
      const error = crossEntropyFromLogits(part(told, values), part(meant, values));
      place += values;
      return error;
    });
    if (continuous === 0) return { categorical, squared: undefined };
    const squares = square(subtract(part(told, continuous), part(meant, continuous)));
    return { categorical, squared: mean(sum(squares, { axes: 1 })) };
  };
  return {
    source: 'codes',
    size,
    generatorFront: conditionInput(size),
    head: (dense) => ({
      heads: sideBySide({
        logit: dense(1),
        codes: sequential({
          hidden: dense(ownUnits),
          activation: activation('leakyRelu', { slope: 0.2 }),
          output: dense(size),
        }),
      }),
    }),
    draw: (rows, noise) => {
      const draws = noise('codes', [rows, categories.length + continuous], 'uniform');
      const chosen = categories.map((values, index) => {
        const place = minimum(floor(multiply(slice(draws, 1, index, index + 1), values)), values - 1);
        return oneHot(reshape(cast(place, 'int64'), [rows]), values);
      });
      if (continuous === 0) return concat(chosen, 1);
      const rest = slice(draws, 1, categories.length, categories.length + continuous);
      return concat([...chosen, subtract(multiply(rest, 2), 1)], 1);
    },
    loss: (told, meant, origin) => {
      if (origin === 'real') return undefined;
      const { categorical, squared } = errors(told, meant);
      const terms = categorical.map((error) => multiply(error, config.informationWeight));
      // -log of a Gaussian of variance 1, but for its constant.
      if (squared !== undefined) terms.push(multiply(squared, config.continuousWeight / 2));
      return terms.reduce(add);
    },
    metrics: (told, meant) => {
      const { categorical, squared } = errors(told, meant);
      const entropy = categories.reduce((total, values) => total + Math.log(values), 0);
      return {
        ...(categorical.length === 0 ? {} : { categoryInformation: subtract(entropy, categorical.reduce(add)) }),
        ...(squared === undefined ? {} : { continuousError: multiply(squared, 1 / continuous) }),
      };
    },
  };
}
