// What the training of an autoregressive model is watched by.
import type { ChartLayout } from '../../training/chart-layout.js';

/** Minus the log-likelihood of a row, of the training rows and of those held out. */
export const autoregressiveCharts: readonly ChartLayout[] = [
  { label: '-log p(x) (nats)', metrics: ['loss', 'validationLoss'] },
];
