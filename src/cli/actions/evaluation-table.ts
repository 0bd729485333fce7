// An evaluation as text for a terminal.

import type { Cost, Evaluation, EvaluationRow } from '../../report/evaluation.js';
import { formatValue } from '../../report/format.js';
import { formatDuration } from '../progress-line.js';
import { wrap } from '../table.js';

const topics = ['likelihood', 'samples', 'copying', 'diversity', 'representation'] as const;

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
  const table = rows.length === 0 ? ['No metric applies.', ''] : topics.flatMap((topic) => topicLines(topic, rows));
  const noted = rows.flatMap((row) => row.warnings.map((warning) => `warning    ${row.name}: ${warning}`));
  return [...head, '', ...table, ...noted, ...leftOut(skipped)].join('\n');
}

/** The metrics of a topic, their values below each other, each with its reading. */
function topicLines(topic: EvaluationRow['topic'], all: readonly EvaluationRow[]): string[] {
  const rows = all.filter((row) => row.topic === topic);
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [row.name, valueText(row), intervalText(row), referenceText(row)]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((texts) => texts[column]?.length ?? 0)));
  return [
    `${topic}:`,
    ...rows.flatMap((row, index) => [
      `  ${(cells[index] ?? []).map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
      ...wrap(row.reading, readingWidth()).map((line) => `      ${line}`),
    ]),
    '',
  ];
}

/** Readings are for reading: lines of a terminal's width, of a hundred characters at most. */
function readingWidth(): number {
  return Math.max(30, Math.min(100, (process.stdout.columns || 100) - 6));
}

/** Metrics that were left out, together where it is for the same reason. */
function leftOut(skipped: Evaluation['skipped']): string[] {
  const reasons = [...new Set(skipped.map(({ why }) => why))];
  return reasons.map((why) => {
    const names = skipped.filter((one) => one.why === why).map(({ metric }) => metric);
    return `left out   ${names.join(', ')}: ${why}`;
  });
}

function valueText({ value, unit }: EvaluationRow): string {
  return unit === '' ? formatValue(value) : `${formatValue(value)} ${unit}`;
}

function intervalText({ interval }: EvaluationRow): string {
  return interval === undefined ? '' : `${formatValue(interval[0])} to ${formatValue(interval[1])}`;
}

function referenceText({ reference }: EvaluationRow): string {
  return reference === undefined ? '' : `real rows: ${formatValue(reference.value)}`;
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
