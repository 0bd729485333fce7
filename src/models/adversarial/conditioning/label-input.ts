// How the generator is told a class: beside its codes, or by norms whose scales and offsets are the class's own.
import { conditionalBatchNorm } from '../../../nn/layers/conditional-batch-norm.js';
import type { AdversarialConfig } from '../adversarial-options.js';
import { conditionInput } from './condition-input.js';
import type { Conditioning } from './conditioning.js';

/** The generator's part of a conditioning on classes. */
export function labelInput(
  { labelInput: way }: Pick<AdversarialConfig, 'labelInput'>,
  classes: number,
): Pick<Conditioning, 'source' | 'size' | 'generatorFront' | 'generatorNorm'> {
  const about = { source: 'labels', size: classes } as const;
  return way === 'concatenation'
    ? { ...about, generatorFront: conditionInput(classes) }
    : {
        ...about,
        generatorNorm: (scaleInitialiser) =>
          conditionalBatchNorm({ classes, ...(scaleInitialiser === undefined ? {} : { scaleInitialiser }) }),
      };
}
