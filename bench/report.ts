// The figures of verisim bench as text; the tables are Markdown, so that they can stand in a document as they are.
import type { ProfileRow } from '../src/runtime/node/profile.js';
import type { BenchResult, CallsResult, PeerResult, PixelSamplingResult, TrainingResult } from './results.js';
import { sameWorkLines } from './same-work.js';

/** The whole report. */
export function benchText(result: BenchResult): string {
  const { machine, node, threads, training, calls, pixelSampling, sampling, startup, missingPeers } = result;
  const descriptions = [
    ...(training?.steps ?? []),
    ...(calls?.tasks ?? []),
    ...(pixelSampling === undefined ? [] : [pixelSampling]),
  ];
  const lines = [
    `${machine}, Node ${node}, ${threads} threads. Times are medians, with the quartiles of the rounds in brackets; MB are 10^6 bytes.`,
    ...(training === undefined ? [] : trainingLines(training)),
    ...(calls === undefined ? [] : callLines(calls)),
    ...(pixelSampling === undefined ? [] : pixelSamplingLines(pixelSampling)),
    '',
    ...missingPeers.map(({ name, error }) => `Not measured: ${name}: ${firstLine(error)}`),
    ...sampling.map(({ name, imagesPerSecond }) => `Sampling ${name}: ${imagesPerSecond.toFixed(0)} images/s.`),
  ];
  if (startup !== undefined)
    lines.push(
      `Start-up: --help ${startup.helpMs.toFixed(0)} ms; first DCGAN training step ${startup.firstStepMs.toFixed(0)} ms after the command; ` +
        `peak memory of MNIST DCGAN training ${startup.trainingMegabytes.toFixed(0)} MB.`,
    );
  if (lines.at(-1) !== '') lines.push('');
  lines.push(...descriptions.map(({ name, description }) => `- ${name}: ${description}.`), '');
  return lines.join('\n');
}

const coresNote =
  'Cores ns: the time in which two cores answered each other in the same rounds. Where it is several times that of another run, as on a ' +
  'virtual machine that was moved to cores without a common cache, steps of many small operators take longer: compare such runs with care.';

function trainingLines({ rounds, matrixProducts, peak, steps }: TrainingResult): string[] {
  const rates = Object.entries(matrixProducts).map(([size, rate]) => `${size}: ${rate.toFixed(0)}`);
  const peers = steps.flatMap(({ name, peers: others }) =>
    others.map((peer) => [name, `${peer.name} ${peer.version}`, ...peerCells(peer, 2)]),
  );
  const hasAnswers = steps.some(({ answerNs }) => answerNs !== undefined);
  return [
    `Matrix products n x n, GFLOP/s: ${rates.join(', ')}. Peak: ${peak.toFixed(0)}. ${rounds} rounds of training steps.`,
    '',
    ...table(
      ['training step', 'ms', 'GFLOP', 'share of peak', 'compile ms', 'peak MB', ...(hasAnswers ? ['cores ns'] : [])],
      steps.map((step) => [
        step.name,
        withQuartiles(step.milliseconds, step.quartiles, 1),
        step.gigaflop.toFixed(2),
        step.shareOfPeak.toFixed(2),
        step.compileMs.toFixed(0),
        step.megabytes.toFixed(0),
        ...(hasAnswers ? [step.answerNs?.toFixed(0) ?? ''] : []),
      ]),
    ),
    ...(hasAnswers ? ['', coresNote] : []),
    ...(peers.length === 0
      ? []
      : ['', ...table(['training step', 'peer', 'its ms', "its time / Verisim's"], peers, 2)]),
    ...sameWorkLines(steps),
  ];
}

function callLines({ rounds, rows, rowMegabytes, tasks }: CallsResult): string[] {
  const peers = tasks.flatMap(({ name, goal, peers: others }) =>
    others.map((peer) => [
      name,
      `${peer.name} ${peer.version}`,
      ...peerCells(peer, 2),
      `${goal}`,
      peer.firstMs?.toFixed(0) ?? '',
      peer.megabytes?.toFixed(0) ?? '',
    ]),
  );
  const doubts = tasks.flatMap(({ name, peers: others }) =>
    others.flatMap((peer) => peer.remarks.map((remark) => `${name}, ${peer.name}: ${remark}.`)),
  );
  return [
    '',
    `Calls of the public functions on ${rows}: ${rowMegabytes.toFixed(0)} MB as float32; the resident memory shall peak at no more than ` +
      `twice that. Each task and library has a process of its own. ${rounds} rounds.`,
    '',
    ...table(
      ['task', 'ms', 'first call ms', 'peak MB', 'of the rows'],
      tasks.map((task) => [
        task.name,
        withQuartiles(task.milliseconds, task.quartiles, 0),
        task.firstMs.toFixed(0),
        task.megabytes.toFixed(0),
        `${(task.megabytes / rowMegabytes).toFixed(1)}x`,
      ]),
    ),
    ...(peers.length === 0
      ? []
      : [
          '',
          ...table(
            ['task', 'peer', 'its ms', "its time / Verisim's", 'goal', 'its first call ms', 'its peak MB'],
            peers,
            2,
          ),
        ]),
    ...(doubts.length === 0 ? [] : ['', ...doubts]),
  ];
}

function pixelSamplingLines(result: PixelSamplingResult): string[] {
  const { name, images, rounds, milliseconds, quartiles, gigaflop, naiveGigaflop, naiveMs, passes, ratio } = result;
  const fewer = (naiveGigaflop / gigaflop).toFixed(0);
  return [
    '',
    `Drawing ${images} images pixel by pixel, computing only what a new pixel changes, and by a pass over the image for every pixel, ` +
      `extrapolated from ${passes} passes. ${rounds} rounds. Goals: 30 times fewer operations, 10 times faster.`,
    '',
    ...table(
      ['sampling', 'ms', 'GFLOP', 'a pass per pixel, ms', 'its GFLOP', 'fewer operations', 'faster'],
      [
        [
          ...[name, withQuartiles(milliseconds, quartiles, 0), gigaflop.toFixed(1)],
          ...[naiveMs.toFixed(0), naiveGigaflop.toFixed(0), `${fewer}x`],
          withQuartiles(ratio, result.ratioQuartiles, 0).replace(' ', 'x '),
        ],
      ],
    ),
  ];
}

/** A table in Markdown; the first columns are text, the others numbers. */
function table(headings: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string[] {
  const rule = headings.map((_, column) => (column < textColumns ? '---' : '---:'));
  return [
    `| ${headings.join(' | ')} |`,
    `|${rule.join('|')}|`,
    ...rows.map((cells) => `| ${[...cells, ...headings.slice(cells.length).map(() => '')].join(' | ')} |`),
  ];
}

function peerCells({ milliseconds, ratio, ratioQuartiles, error }: PeerResult, digits: number): [string, string] {
  if (milliseconds === undefined || ratio === undefined) return [firstLine(error ?? 'failed'), ''];
  return [milliseconds.toFixed(1), withQuartiles(ratio, ratioQuartiles, digits)];
}

function withQuartiles(median: number, quartiles: readonly [number, number] | undefined, digits: number): string {
  if (quartiles === undefined) return median.toFixed(digits);
  return `${median.toFixed(digits)} (${quartiles.map((value) => value.toFixed(digits)).join('-')})`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
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
