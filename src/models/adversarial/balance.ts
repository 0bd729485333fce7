// Signs that a game has gone wrong, read off its history, each with what helps.
import type { MetricRow } from '../../training/observer.js';

/** Warnings about the end of a training. */
export function balanceWarnings(history: readonly MetricRow[]): string[] {
  const last = history.slice(-Math.max(1, Math.ceil(history.length / 10)));
  const mean = (name: string): number =>
    last.reduce((sum, { metrics }) => sum + (metrics[name] ?? Number.NaN), 0) / last.length;
  const warnings: string[] = [];
  if (mean('D(x)') > 0.97 && mean('D(G(z))') < 0.03)
    warnings.push(
      'The discriminator tells all samples from data (D(x) near 1, D(G(z)) near 0), so the generator learns little. ' +
        'Lower the learning rate, take fewer discriminator steps, or use the non-saturating objective.',
    );
  if (Math.abs(mean('D(x)') - 0.5) < 0.01 && Math.abs(mean('D(G(z))') - 0.5) < 0.01)
    warnings.push(
      'The discriminator answers 1/2 to everything. Either the samples are perfect, or it learns nothing: look at the samples, ' +
        'and raise its learning rate or its steps.',
    );
  return warnings;
}
