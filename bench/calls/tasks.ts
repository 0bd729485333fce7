// Calls of the public functions on 60000 rows that are in memory, as a user makes them: what is measured, against whom, and what is
// aimed at. Verisim's side stands in classical.ts, scikit-learn's in ../peers/python/classical.py. Adding a call is adding its name in
// ../peers/tasks.ts, an entry here, and both sides.
import type { CallTaskName } from '../peers/tasks.js';

/** A call that is measured, under the same name as in the peers. */
export interface CallTask {
  readonly name: CallTaskName;
  readonly description: string;
  /** Who does the same; the names of known-peers.ts. */
  readonly peers: readonly string[];
  /** What the peers' time over ours shall at least be. */
  readonly goal: number;
}

const peers = ['scikit-learn', 'scikit-learn float32'] as const;

/** The calls, in the order of reports. */
export const callTasks: readonly CallTask[] = [
  {
    name: 'classical-em-diagonal',
    description:
      'an EM iteration of a mixture of 10 Gaussians with diagonal covariances: what a fit of 5 takes longer than of 1',
    peers,
    goal: 5,
  },
  {
    name: 'classical-em-full',
    description:
      'an EM iteration of a mixture of 10 Gaussians with full covariances on the first 50 principal components: 6 against 1',
    peers,
    goal: 2,
  },
  {
    name: 'classical-k-means',
    description: "an iteration of Lloyd's k-means with 10 clusters: 21 against 1",
    peers,
    goal: 1,
  },
  { name: 'classical-pca', description: 'fitting 50 principal components', peers, goal: 1 },
  {
    name: 'classical-gaussian-bayes',
    description: 'fitting Gaussian naive Bayes and predicting the class of every row',
    peers,
    goal: 1,
  },
  {
    name: 'classical-bernoulli-bayes',
    description: 'fitting Bernoulli naive Bayes and predicting the class of every row',
    peers,
    goal: 1,
  },
];
