// Whether the peers do the same work in a training step: from the same weights, batches and noise they reach the same loss, and their
// products and convolutions take as many operations.
import type { PeerResult, StepResult } from './results.js';
import { comparedGameSteps, comparedSteps } from './step-work.js';

/** Sums in another order, some steps of Adam later. */
const lossTolerance = 1e-3;
/** Libraries may differ in a gradient that one of them gets for nothing. */
const operationsTolerance = 0.02;

type Ours = Pick<StepResult, 'figure' | 'gigaflop'>;

/** What is not the same, as ends of a sentence. */
export function differences(ours: Ours, { figure, gigaflop }: Pick<PeerResult, 'figure' | 'gigaflop'>): string[] {
  const isFar = (theirs: number, own: number, tolerance: number) =>
    !(Math.abs(theirs - own) <= tolerance * Math.abs(own));
  const found: string[] = [];
  if (ours.figure !== undefined && figure !== undefined && isFar(figure, ours.figure, lossTolerance))
    found.push(`reached a loss of ${figure.toFixed(3)}, not ${ours.figure.toFixed(3)}: it does other work`);
  if (gigaflop !== undefined && isFar(gigaflop, ours.gigaflop, operationsTolerance))
    found.push(`takes ${gigaflop.toFixed(2)} GFLOP, not ${ours.gigaflop.toFixed(2)}`);
  return found;
}

/** The losses that all sides reached, and what is not the same. */
export function sameWorkLines(steps: readonly StepResult[]): string[] {
  const compared = steps.flatMap(({ name, figure, gigaflop, peers }) => {
    const told = peers.filter((peer) => peer.figure !== undefined);
    if (figure === undefined || told.length === 0) return [];
    const theirs = told.map((peer) => sideText(peer.name, peer.figure, peer.gigaflop));
    return `${name}: ${[sideText('Verisim', figure, gigaflop), ...theirs].join(', ')}`;
  });
  const doubts = steps.flatMap((step) =>
    step.peers.flatMap((peer) => differences(step, peer).map((text) => `${step.name}, ${peer.name}: ${text}.`)),
  );
  return [
    ...(compared.length === 0
      ? []
      : [
          '',
          `Loss after ${comparedSteps} steps (of games the sum of all losses after ${comparedGameSteps}) from the same weights on the same ` +
            `batches (and operations of a step): ${compared.join('; ')}.`,
        ]),
    ...(doubts.length === 0 ? [] : ['', ...doubts]),
  ];
}

function sideText(name: string, figure = Number.NaN, gigaflop?: number): string {
  return `${name} ${figure.toFixed(3)}${gigaflop === undefined ? '' : ` (${gigaflop.toFixed(2)} GFLOP)`}`;
}
