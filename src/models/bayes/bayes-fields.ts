// The options that models of classes share.
import { z } from 'zod';

/** Options of every model that learns each class on its own. */
export const bayesFields = {
  priors: z
    .enum(['empirical', 'uniform'])
    .default('empirical')
    .describe('p(y): empirical for the shares of the classes in the data, uniform for equal ones'),
  conditional: z
    .boolean()
    .default(true)
    .describe('whether each class is learnt on its own where the data has labels; false leaves labels out of account'),
} as const;
