// The training step of every adversarial pair, as printed in Algorithm 1 of Goodfellow et al. (2014): k updates of the
// discriminator, each on a fresh batch of data and of noise, then one update of the generator through the updated discriminator.
//
//   discriminator: minimise  L_D(a(x), a(G(z))) + penalties        such as  -mean log D(x) - mean log(1 - D(G(z)))
//   generator:     minimise  L_G(a(G(z)))                          such as  -mean log D(G(z))
//
// An unrolled game (Metz et al. 2017) lets the generator look ahead: its loss is taken at a discriminator that has made K further
// updates on the same rows, and its gradient passes through them. The discriminator itself makes its ordinary update only.
//
// Samples may come from an average of the generator's weights over the steps, which plays no part in the game.
import { globalNorm } from '../../nn/gradient-clipping.js';
import type { Tensors } from '../../nn/network.js';
import type { State } from '../../nn/optimisers/optimiser.js';
import { repeatedUpdate } from '../../nn/optimisers/repeated-update.js';
import { gradients } from '../../tensor/gradient.js';
import { add, multiply, stopGradient } from '../../tensor/index.js';
import { mean } from '../../tensor/operators/reduce.js';
import { inputsOf } from '../../tensor/program.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import type { TrainingProgram } from '../../training/program.js';
import type { NoiseMaker } from './conditioning/conditioning.js';
import type { Game } from './game-rules.js';
import { gameState } from './game-state.js';
import type { Objective } from './objectives/objective.js';
import {
  type Batch,
  detached,
  labelsInput,
  Players,
  type Rows,
  rowsInput,
  trainableOf,
  type Verdict,
} from './players.js';
import { clipWeights } from './regularisers/clip-weights.js';

/** The discriminator between two turns. */
interface Opponent {
  readonly weights: Tensors;
  readonly state: State | undefined;
}

type Report = Readonly<Record<string, Tensor>>;

/** The step of a game for batches of `batchSize` rows. */
export function gameProgram(game: Game, batchSize: number, seed: number): TrainingProgram {
  const { discriminatorSteps, unrolledSteps, objective, generator } = game;
  const players = new Players(game, batchSize);

  let opponent: Opponent = { weights: players.discriminatorWeights, state: undefined };
  const reports: Report[] = [];
  let batch: Batch | undefined;
  for (let turn = 0; turn < discriminatorSteps; turn++) {
    batch = players.draw(discriminatorSteps === 1 ? 'z' : `z${turn + 1}`, turn);
    const fixed = { ...batch, fake: { ...batch.fake, x: stopGradient(batch.fake.x) } };
    const { report, ...next } = discriminatorTurn(game, players, fixed, opponent, turn);
    opponent = next;
    reports.push(report);
  }

  if (batch === undefined || game.freshNoise) batch = players.draw('zGenerator', discriminatorSteps - 1);
  const { real, fake } = batch;
  // The updated discriminator is a constant to the generator, which sees through further updates only.
  let judge: Opponent = { ...opponent, weights: detached(opponent.weights) };
  for (let ahead = 0; ahead < unrolledSteps; ahead++)
    judge = discriminatorTurn(game, players, batch, judge, discriminatorSteps + ahead);
  const verdict = players.judge(fake, judge.weights, 'generator');
  const onReal = (): Tensor => players.judge(real, judge.weights, 'generatorReal').logits;
  const generatorLoss = labelled('loss/generator', objective.generator(verdict.logits, onReal));
  const loss = sumOf([generatorLoss, conditionLoss(game, verdict, fake, 'fake')]);
  const trainable = trainableOf(generator, players.generatorWeights);
  const slopes = slopesOf(loss, trainable);
  const update = game.generatorOptimiser.update({
    prefix: 'generatorOptimiser',
    parameters: trainable,
    gradients: slopes,
    step: labelled('step', add(players.step, 1)),
  });

  const { variables, initial } = gameState(game, players, {
    seed,
    discriminator: opponent.weights,
    generator: { ...players.statistics, ...update.next },
    optimisers: { ...opponent.state, ...update.state },
  });
  const metrics = {
    ...averageOf(reports),
    generatorLoss,
    ...conditionMetrics(game, verdict, fake),
    ...(game.gradientNorms ? { generatorGradientNorm: globalNorm(slopes) } : {}),
  };
  // The slope of a linear critic is the same between data and samples, wherever that is.
  const fed = inputsOf([...Object.values(variables).map(({ next }) => next), ...Object.values(metrics)]);
  return {
    step: { name: game.name, variables, metrics },
    initial,
    rows: rowsInput,
    ...(game.conditioning.source === 'labels' ? { labels: labelsInput } : {}),
    batchSize: discriminatorSteps * batchSize,
    noise: players.noise.filter(({ name }) => fed.has(name)),
    remedies: game.remedies,
  };
}

/** One update of the discriminator, the `turn`-th of the step, counted from 0. */
function discriminatorTurn(
  game: Game,
  players: Players,
  { real, fake }: Batch,
  { weights, state }: Opponent,
  turn: number,
): Opponent & { readonly report: Report } {
  const { discriminator, discriminatorSteps, objective } = game;
  const name = String(turn + 1);
  const [onReal, onFake] = players.judgeBoth(real, fake, weights, name);
  const loss = labelled(
    'loss/discriminator',
    objective.discriminator(onReal.logits, onFake.logits, game.labelSmoothing),
  );
  const penalties = game.penalties.map((penalty): [string, Tensor] => {
    const judge = (x: Tensor): Tensor =>
      players.judgeSeen({ x, condition: real.condition }, weights, `${penalty.name}${name}`).logits;
    const noise: NoiseMaker = (purpose, shape, distribution) => players.feed(`${purpose}${name}`, shape, distribution);
    return [penalty.name, penalty.loss({ real: onReal.seen, fake: onFake.seen, judge, noise })];
  });
  const told = [conditionLoss(game, onReal, real, 'real'), conditionLoss(game, onFake, fake, 'fake')];
  const trainable = trainableOf(discriminator, weights);
  const slopes = slopesOf(sumOf([loss, ...penalties.map(([, value]) => value), ...told]), trainable);
  const request = {
    prefix: 'discriminatorOptimiser',
    parameters: trainable,
    gradients: slopes,
    step: labelled('step', add(multiply(players.step, discriminatorSteps), turn + 1)),
  };
  const update = repeatedUpdate(game.discriminatorOptimiser, request, state);
  const next = clipWeights(update.next, game.clip);
  const report = {
    discriminatorLoss: loss,
    ...judgements(objective, onReal.logits, onFake.logits),
    ...Object.fromEntries(penalties),
    ...(game.gradientNorms ? { discriminatorGradientNorm: globalNorm(slopes) } : {}),
  };
  return { weights: { ...weights, ...onReal.updates, ...onFake.updates, ...next }, state: update.state, report };
}

/** What the discriminator thinks of data and samples on average: probabilities, or a critic's values. */
function judgements(objective: Objective, real: Tensor, fake: Tensor): Report {
  const probabilities = objective.probabilities?.(real, fake);
  if (probabilities === undefined) return { 'critic(x)': mean(real), 'critic(G(z))': mean(fake) };
  return { 'D(x)': probabilities[0], 'D(G(z))': probabilities[1] };
}

function conditionLoss(
  { conditioning }: Game,
  { extras }: Verdict,
  { condition }: Rows,
  origin: 'real' | 'fake',
): Tensor | undefined {
  if (extras === undefined || condition === undefined) return undefined;
  return conditioning.loss?.(extras, condition, origin);
}

function conditionMetrics({ conditioning }: Game, { extras }: Verdict, { condition }: Rows): Report {
  if (extras === undefined || condition === undefined) return {};
  return conditioning.metrics?.(extras, condition) ?? {};
}

/** The gradients of a loss under the names of the values that it is differentiated by. */
function slopesOf(loss: Tensor, values: Tensors): Tensors {
  const slopes = gradients(loss, Object.values(values));
  return Object.fromEntries(Object.entries(values).map(([name, value], index) => [name, slopes[index] ?? value]));
}

function sumOf(terms: readonly [Tensor, ...(Tensor | undefined)[]]): Tensor {
  const [first, ...others] = terms;
  return others.reduce<Tensor>((total, term) => (term === undefined ? total : add(total, term)), first);
}

/** The mean of each metric over the turns. */
function averageOf(reports: readonly Report[]): Report {
  const names = Object.keys(reports[0] ?? {});
  const ofTurns = (name: string): Tensor[] => reports.flatMap((report) => report[name] ?? []);
  return Object.fromEntries(names.map((name) => [name, multiply(ofTurns(name).reduce(add), 1 / reports.length)]));
}
