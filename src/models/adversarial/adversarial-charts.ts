// What a game between generator and discriminator is watched by.
import type { ChartLayout } from '../../training/chart-layout.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { objectives } from './objectives/index.js';

/**
 * The losses of both players; what the discriminator thinks of data and of samples (1/2 each at the optimum, where it tells
 * probabilities); the size of penalties and gradients; and what samples say about their classes or codes. What a training does not
 * report is left out.
 */
export function adversarialCharts({ objective }: Pick<AdversarialConfig, 'objective'>): readonly ChartLayout[] {
  const inNats = 'probabilities' in objectives[objective];
  return [
    { label: inNats ? 'loss (nats)' : 'loss', metrics: ['discriminatorLoss', 'generatorLoss'] },
    { label: 'probability', metrics: ['D(x)', 'D(G(z))'] },
    { label: "critic's value", metrics: ['critic(x)', 'critic(G(z))'] },
    { label: 'penalty', metrics: ['gradientPenalty', 'r1'] },
    { label: 'gradient norm', metrics: ['discriminatorGradientNorm', 'generatorGradientNorm'] },
    { label: 'class loss (nats)', metrics: ['classLoss'] },
    { label: 'information (nats)', metrics: ['categoryInformation'] },
    { label: 'squared error', metrics: ['continuousError'] },
  ];
}
