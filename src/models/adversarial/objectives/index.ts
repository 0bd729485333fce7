// The table of objectives.
import { hinge } from './hinge.js';
import { leastSquares } from './least-squares.js';
import { minimax } from './minimax.js';
import { nonSaturating } from './non-saturating.js';
import type { Objective } from './objective.js';
import { relativisticAverage } from './relativistic-average.js';
import { wasserstein } from './wasserstein.js';

/** What the players minimise, by name. */
export const objectives = {
  minimax,
  'non-saturating': nonSaturating,
  'least-squares': leastSquares,
  wasserstein,
  hinge,
  'relativistic-average': relativisticAverage,
} as const satisfies Readonly<Record<string, Objective>>;

/** The name of an objective. */
export type ObjectiveName = keyof typeof objectives;
