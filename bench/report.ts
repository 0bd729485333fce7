// The figures of verisim bench as text; the tables are Markdown, so that they can stand in a document as they are.
import type { ProfileRow } from '../src/runtime/node/profile.js';
import type { BenchResult, PeerResult } from './bench.js';

/** The whole report. */
export function benchText(result: BenchResult): string {
  const { machine, node, threads, rounds, peak, matrixProducts, steps, sampling, startup, missingPeers } = result;
  const rates = Object.entries(matrixProducts).map(([size, rate]) => `${size}: ${rate.toFixed(0)}`);
  const lines = [
    `${machine}, Node ${node}, ${threads} threads, medians of ${rounds} rounds.`,
    `Matrix products n x n, GFLOP/s: ${rates.join(', ')}. Peak: ${peak.toFixed(0)}.`,
    '',
    '| training step | ms | GFLOP | share of peak | compile ms | memory MB |',
    '|---|---:|---:|---:|---:|---:|',
    ...steps.map(
      (step) =>
        `| ${step.name} | ${step.milliseconds.toFixed(1)} | ${step.gigaflop.toFixed(2)} | ${step.shareOfPeak.toFixed(2)} | ${step.compileMs.toFixed(0)} | ${step.megabytes.toFixed(0)} |`,
    ),
    '',
  ];
  if (steps.some((step) => step.peers.length > 0)) {
    lines.push("| training step | peer | its ms | its time / Verisim's |", '|---|---|---:|---:|');
    for (const step of steps)
      for (const peer of step.peers) lines.push(`| ${step.name} | ${peer.name} ${peer.version} | ${peerCells(peer)} |`);
    lines.push('');
  }
  for (const { name, error } of missingPeers) lines.push(`Not measured: ${name}: ${error.split('\n')[0]}`);
  for (const { name, imagesPerSecond } of sampling)
    lines.push(`Sampling ${name}: ${imagesPerSecond.toFixed(0)} images/s.`);
  if (startup !== undefined)
    lines.push(
      `Start-up: --help ${startup.helpMs.toFixed(0)} ms; first DCGAN training step ${startup.firstStepMs.toFixed(0)} ms after the command; ` +
        `peak memory of MNIST DCGAN training ${startup.trainingMegabytes.toFixed(0)} MB.`,
    );
  lines.push('', ...steps.map((step) => `${step.name}: ${step.description}.`), '');
  return lines.join('\n');
}

function peerCells({ milliseconds, ratio, error }: PeerResult): string {
  if (milliseconds === undefined || ratio === undefined)
    return `${(error ?? 'failed').split('\n')[0]} | |`.replace(/ \|$/, '');
  return `${milliseconds.toFixed(1)} | ${ratio.toFixed(2)}`;
}

/** A profile as two tables: milliseconds by kind of operator, and the slowest operators. */
export function profileText(name: string, rows: readonly ProfileRow[]): string {
  const total = rows.reduce((sum, row) => sum + row.milliseconds, 0);
  const kinds = new Map<string, { milliseconds: number; count: number }>();
  for (const { operator, milliseconds, count } of rows) {
    const kind = kinds.get(operator) ?? { milliseconds: 0, count: 0 };
    kinds.set(operator, { milliseconds: kind.milliseconds + milliseconds, count: kind.count + count });
  }
  const byKind = [...kinds].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  const share = (milliseconds: number): string => `${((100 * milliseconds) / total).toFixed(1)} %`;
  return [
    `${name}: ${total.toFixed(1)} ms in ${rows.length} operators (with the profiler's own cost)`,
    '',
    '| operator | nodes | ms | share |',
    '|---|---:|---:|---:|',
    ...byKind.map(
      ([kind, { milliseconds, count }]) =>
        `| ${kind} | ${count} | ${milliseconds.toFixed(2)} | ${share(milliseconds)} |`,
    ),
    '',
    '| slowest | ms | share |',
    '|---|---:|---:|',
    ...rows
      .slice(0, 20)
      .map((row) => `| ${row.name} (${row.operator}) | ${row.milliseconds.toFixed(2)} | ${share(row.milliseconds)} |`),
    '',
    '',
  ].join('\n');
}
