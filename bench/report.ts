// The figures of verisim bench as text; the tables are Markdown, so that they can stand in a document as they are.
import type { BenchResult, PeerResult } from './bench.js';

/** The whole report. */
export function benchText(result: BenchResult): string {
  const { machine, node, threads, rounds, peak, matrixProducts, steps, sampling, startup, missingPeers } = result;
  const rates = Object.entries(matrixProducts).map(([size, rate]) => `${size}: ${rate.toFixed(0)}`);
  const lines = [
    `${machine}, Node ${node}, ${threads} threads, medians of ${rounds} rounds.`,
    `Matrix products n x n, GFLOP/s: ${rates.join(', ')}. Peak: ${peak.toFixed(0)}.`,
    '',
    '| training step | ms | GFLOP | share of peak | compile ms |',
    '|---|---:|---:|---:|---:|',
    ...steps.map(
      (step) =>
        `| ${step.name} | ${step.milliseconds.toFixed(1)} | ${step.gigaflop.toFixed(2)} | ${step.shareOfPeak.toFixed(2)} | ${step.compileMs.toFixed(0)} |`,
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
  lines.push(
    `Start-up: --help ${startup.helpMs.toFixed(0)} ms; first DCGAN training step ${startup.firstStepMs.toFixed(0)} ms after the command; ` +
      `peak memory of MNIST DCGAN training ${startup.trainingMegabytes.toFixed(0)} MB.`,
    '',
    ...steps.map((step) => `${step.name}: ${step.description}.`),
    '',
  );
  return lines.join('\n');
}

function peerCells({ milliseconds, ratio, error }: PeerResult): string {
  if (milliseconds === undefined || ratio === undefined)
    return `${(error ?? 'failed').split('\n')[0]} | |`.replace(/ \|$/, '');
  return `${milliseconds.toFixed(1)} | ${ratio.toFixed(2)}`;
}
