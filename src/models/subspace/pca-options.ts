// The options of PCA.
import { z } from 'zod';

const error = 'Give a whole number of components from 1, a share of the variance between 0 and 1, "all" or "mle"';

/** PCA's options with their defaults and descriptions. */
export const pcaSchema = z.object({
  components: z
    .union(
      [
        z.number().refine((value) => value > 0 && (value < 1 || Number.isInteger(value)), { error }),
        z.enum(['all', 'mle']),
      ],
      {
        error,
      },
    )
    .default(0.95)
    .describe(
      'how many: a whole number, a share of the variance to explain (between 0 and 1), "all", or "mle" for the likeliest number (Minka 2000)',
    ),
  solver: z
    .enum(['auto', 'exact', 'randomised'])
    .default('auto')
    .describe('exact, or randomised for rows of very many columns; auto is exact where memory allows'),
  precision: z
    .enum(['auto', 'float64'])
    .default('auto')
    .describe(
      'of products of large data: auto multiplies the bytes of images as whole numbers, which is exact, other numbers in float32 where that ' +
        'gives the components and variances at least 5 digits; float64 always multiplies in float64',
    ),
  whiten: z.boolean().default(false).describe('scale codes to variance 1'),
  oversamples: z.int().nonnegative().default(10).describe('randomised: directions beyond the components'),
  powerIterations: z
    .int()
    .nonnegative()
    .default(7)
    .describe('randomised: passes over the data that sharpen the components'),
  covarianceFloor: z
    .number()
    .nonnegative()
    .default(1e-12)
    .describe('least variance of any direction in the density, as a share of the largest'),
});

/** Options of PCA, defaults filled in. */
export type PcaConfig = z.output<typeof pcaSchema>;
