// Calls of the public functions on 60000 rows that are in memory, as a user makes them: what is measured, against whom, and what is
// aimed at. Verisim's side stands in classical.ts and metrics.ts, the peers' in ../peers/python/classical.py and metrics.py. Adding a call is adding its name in
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
  /** How far the figures of equal work may be apart, relative to ours. Default 0.001: float32 and float64 sums differ. */
  readonly figureTolerance?: number;
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
  {
    name: 'metrics-fid',
    description: 'the Fréchet distance of 10000 rows from 10000 others, the value without its interval on both sides',
    peers: ['torch-fidelity'],
    goal: 1,
  },
  {
    name: 'metrics-kid',
    description: 'the kernel distance of 10000 rows from 10000 others, of 100 random subsets of 1000',
    peers: ['torch-fidelity'],
    goal: 1,
    // Each side draws subsets of its own.
    figureTolerance: 0.03,
  },
  {
    name: 'metrics-neighbourhoods',
    description: 'precision, recall, density and coverage of 10000 rows against 10000 others, with 5 neighbours',
    peers: ['prdc'],
    goal: 1,
  },
];
