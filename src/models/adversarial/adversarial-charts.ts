// What a game between generator and discriminator is watched by.
import type { ChartLayout } from '../../training/chart-layout.js';

/** The losses of both players, and what the discriminator thinks of data and of samples: 1/2 each at the optimum. */
export const adversarialCharts: readonly ChartLayout[] = [
  { label: 'loss (nats)', metrics: ['discriminatorLoss', 'generatorLoss'] },
  { label: 'probability', metrics: ['D(x)', 'D(G(z))'] },
];
