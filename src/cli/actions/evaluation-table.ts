// An evaluation as text for a terminal.

import type { Cost, Evaluation, EvaluationRow } from '../../report/evaluation.js';
import { formatValue } from '../../report/format.js';
import { formatDuration } from '../progress-line.js';
import { textTable } from '../table.js';

/** What there is to print. */
export function evaluationTable(evaluation: Evaluation): string {
  const { model, data, samples, seed, features, rows, skipped, warnings, cost } = evaluation;
  const heldOut =
    data.heldOut === undefined
      ? 'no held-out rows'
      : `${count(data.heldOut.rows)} held-out rows (${data.heldOut.split})`;
  const head = [
    `model      ${model.kind}`,
    `data       ${data.name}: ${heldOut}, ${count(data.training.rows)} training rows`,
    `samples    ${count(samples)}, seed ${seed}, compared in ${features}`,
    ...costLines(cost),
    ...warnings.map((warning) => `warning    ${warning}`),
  ];
  const hasReference = rows.some(({ reference }) => reference !== undefined);
  const table =
    rows.length === 0
      ? 'No metric applies.'
      : textTable(
          ['metric', 'value', '95 % interval', ...(hasReference ? ['real rows'] : []), 'reading'],
          rows.map((row) => [
            row.name,
            valueText(row),
            intervalText(row.interval),
            ...(hasReference ? [row.reference === undefined ? '' : formatValue(row.reference.value)] : []),
            row.reading,
          ]),
        );
  const noted = rows.flatMap((row) => row.warnings.map((warning) => `warning    ${row.name}: ${warning}`));
  const left = skipped.map(({ metric, why }) => `left out   ${metric}: ${why}`);
  return [...head, '', table, '', ...noted, ...left, ''].join('\n');
}

function valueText({ value, unit }: EvaluationRow): string {
  return unit === '' ? formatValue(value) : `${formatValue(value)} ${unit}`;
}

function intervalText(interval: EvaluationRow['interval']): string {
  return interval === undefined ? '' : `${formatValue(interval[0])} to ${formatValue(interval[1])}`;
}

function costLines({ trainingSeconds, parameters, trainingMemory, samplesPerSecond }: Cost): string[] {
  const parts = [
    ...(trainingSeconds === undefined ? [] : [`trained in ${formatDuration(trainingSeconds)}`]),
    ...(parameters === undefined ? [] : [`${count(parameters)} numbers`]),
    ...(trainingMemory === undefined ? [] : [`${Math.round(trainingMemory / 2 ** 20)} MB in training`]),
    ...(samplesPerSecond === undefined ? [] : [`${formatValue(samplesPerSecond)} samples a second`]),
  ];
  return parts.length === 0 ? [] : [`cost       ${parts.join(', ')}`];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
