// Games whose discriminator also tells what rows are about, on G(z) = w z and outputs v_i x: what each player minimises, the weights of
// its parts included, is written down by hand.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dense } from '../../nn/layers/dense.js';
import { network } from '../../nn/network.js';
import { openRuntime } from '../../runtime/node/open.js';
import { adversarialSchema } from './adversarial-options.js';
import { auxiliaryClassifier } from './conditioning/auxiliary-classifier.js';
import { codes } from './conditioning/codes.js';
import type { Conditioning } from './conditioning/conditioning.js';
import { average, crossEntropy, descended, softplus } from './testing/by-hand.js';
import { batchSize, type Played, play, start } from './testing/tiny-game.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const steps = 3;

/** The game of two players, of which the discriminator has as many outputs as its first weights say. */
function playOf(conditioning: Conditioning, first: readonly number[]): Promise<Played> {
  const discriminator = network('discriminator', dense({ units: first.length, bias: false }), [1]);
  return play(runtime, { conditioning, discriminator }, steps, {
    'discriminator/weight': first,
    'generator/weight': [start.w],
  });
}

/** What the outputs beside a(x) cost for rows [x, ...] in a turn. */
type Told = (outputs: readonly (readonly number[])[], step: number, noise: string) => number;

/** Algorithm 1 by gradient descent, with what is told of data and of samples added to the losses of both players. */
function byHand(
  played: Played,
  first: readonly number[],
  { real, fake }: { readonly real: Told; readonly fake: Told },
) {
  const outputsOf = (v: readonly number[], rows: readonly number[]) => rows.map((x) => v.map((weight) => weight * x));
  const extras = (outputs: readonly (readonly number[])[]) => outputs.map(([, ...rest]) => rest);
  const logits = (outputs: readonly (readonly number[])[]) => outputs.map(([a = Number.NaN]) => a);
  let [v, w]: [readonly number[], number] = [first, start.w];
  for (let step = 0; step < steps; step++) {
    const samples = played.noise('z', step).map((z) => w * z);
    v = descended(v, 0.2, (weights) => {
      const [onReal, onFake] = [outputsOf(weights, played.row(step, 0)), outputsOf(weights, samples)];
      const game = average(logits(onReal).map((a) => softplus(-a))) + average(logits(onFake).map(softplus));
      return game + real(extras(onReal), step, 'z') + fake(extras(onFake), step, 'z');
    });
    const judge = v;
    const z = played.noise('zGenerator', step);
    const [next = Number.NaN] = descended([w], 0.3, ([weight = 0]) => {
      const outputs = outputsOf(
        judge,
        z.map((one) => weight * one),
      );
      return average(logits(outputs).map((a) => softplus(-a))) + fake(extras(outputs), step, 'zGenerator');
    });
    w = next;
  }
  return { v, w };
}

function assertPlayed(played: Played, hand: { readonly v: readonly number[]; readonly w: number }): void {
  const told = [...played.numbers('discriminator/weight'), ...played.numbers('generator/weight')];
  // float32 against central differences in float64.
  for (const [index, expected] of [...hand.v, hand.w].entries())
    assert.ok(Math.abs((told[index] ?? Number.NaN) - expected) < 1e-5, `${told}, by hand ${hand.v}, ${hand.w}`);
}

for (const classWeight of [1, 2.5])
  test(`the class loss of data and samples weighs ${classWeight} for both players`, async () => {
    const first = [0.7, -0.4, 0.9];
    const config = adversarialSchema.parse({ conditioning: 'auxiliary-classifier', classWeight });
    const played = await playOf(auxiliaryClassifier(config, 2), first);
    // Samples are of the classes of the data beside them.
    const classLoss: Told = (outputs, step) =>
      classWeight * average(played.labels(step, 0).map((label, row) => crossEntropy(outputs[row] ?? [], label)));
    assertPlayed(played, byHand(played, first, { real: classLoss, fake: classLoss }));
  });

for (const [informationWeight, continuousWeight] of [
  [1, 0.1],
  [1.7, 0.6],
] as const)
  test(`the codes of samples weigh ${informationWeight} and half of ${continuousWeight} for both players, data none`, async () => {
    const first = [0.7, -0.4, 0.9, 0.5];
    const config = adversarialSchema.parse({
      ...{ conditioning: 'codes', latentSize: 1, categoricalCodes: [2], continuousCodes: 1 },
      ...{ informationWeight, continuousWeight },
    });
    const played = await playOf(codes(config), first);
    const codeLoss: Told = (outputs, step, noise) => {
      const uniform = played.noise(`${noise}/codes`, step);
      assert.equal(uniform.length, 2 * batchSize);
      return average(
        outputs.map(([first = 0, second = 0, number = 0], row) => {
          const [choice = 0, place = 0] = uniform.slice(2 * row, 2 * row + 2);
          const category = crossEntropy([first, second], Math.floor(2 * choice));
          return informationWeight * category + (continuousWeight / 2) * (number - (2 * place - 1)) ** 2;
        }),
      );
    };
    assertPlayed(played, byHand(played, first, { real: () => 0, fake: codeLoss }));
  });
