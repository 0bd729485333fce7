// Signs that a game has gone wrong, read off its history, each with what helps.
import type { MetricRow } from '../../training/observer.js';

/** Rows of metrics before a game says anything: at the start D(x) and D(G(z)) are 1/2 in every game. */
const fewestRows = 20;

/** Warnings about the last tenth of a training. */
export function balanceWarnings(history: readonly MetricRow[]): string[] {
  if (history.length < fewestRows) return [];
  const last = history.slice(-Math.max(1, Math.ceil(history.length / 10)));
  const mean = (name: string): number =>
    last.reduce((sum, { metrics }) => sum + (metrics[name] ?? Number.NaN), 0) / last.length;
  const warnings: string[] = [];
  if (mean('D(x)') > 0.97 && mean('D(G(z))') < 0.03)
    warnings.push(
      'The discriminator tells all samples from data (D(x) near 1, D(G(z)) near 0), so the generator learns little. ' +
        'Lower discriminatorLearningRate, take fewer discriminatorSteps, raise labelSmoothing, or use the non-saturating objective.',
    );
  if (Math.abs(mean('D(x)') - 0.5) < 0.01 && Math.abs(mean('D(G(z))') - 0.5) < 0.01)
    warnings.push(
      'The discriminator answers 1/2 to everything. Either the samples are perfect, or it learns nothing: look at the samples, ' +
        'and raise discriminatorLearningRate or discriminatorSteps.',
    );
  return warnings;
}
