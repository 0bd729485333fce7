// An adversarial model of rows given their classes: p(x | y) by a game, p(y) from the frequencies in the data.
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { input } from '../../tensor/operators/source.js';
import { ClassPrior, classFrequencies } from '../class-conditional.js';
import type { Conditional, SampleOptions, Samples } from '../contract.js';
import type { WeightShapes } from '../fitted-model.js';
import type { TrainingDescription } from '../neural-model.js';
import { AdversarialModel } from './adversarial-model.js';

/** p(y) of each class, saved with the weights. */
const priorName = 'classes/prior';

/** A model whose samples can be asked for by class. Its codes go with labels: decode takes them. */
export class ConditionalAdversarialModel extends AdversarialModel implements Conditional {
  /** The names of the classes. @throws NotFittedError before fit */
  get labels(): readonly string[] {
    return this.fitted().classes;
  }

  protected override get classCount(): number {
    return this.fitted().classes.length;
  }

  protected override drawLabels(count: number, seed: number, given: SampleOptions['given']): Int32Array | undefined {
    return new ClassPrior(this.kind, this.labels, this.fitted().weights[priorName]).draw(count, seed, given);
  }

  protected override classFeeds(rows: number, labels: Int32Array | undefined): Values {
    const { length } = this.labels;
    if (labels?.length !== rows)
      throw new ConfigError(
        `This ${this.kind} is conditional on classes, so ${rows} codes need ${rows} labels; received ${labels?.length ?? 'none'}.`,
      );
    const wrong = labels.find((label) => !(label >= 0 && label < length));
    if (wrong !== undefined)
      throw new ConfigError(
        `The label ${wrong} is none of this ${this.kind}'s, whose ${length} classes are ${this.labels.join(', ')}.`,
      );
    const y = new Float32Array(rows * length);
    for (const [row, label] of labels.entries()) y[row * length + label] = 1;
    return { y: float32(y, [rows, length]) };
  }

  /** Between rows of two classes the class goes over step by step, too. */
  protected override wayFeeds(from: Samples, to: Samples, steps: number): Values {
    const [ends, starts] = [to, from].map(({ shape: [count = 0], labels }) => this.classFeeds(count, labels).y?.data);
    const { length } = this.labels;
    const y = new Float32Array((from.shape[0] ?? 0) * steps * length);
    for (let i = 0; i < y.length; i++) {
      const [row, label] = [Math.floor(i / length), i % length];
      const [way, share] = [Math.floor(row / steps), (row % steps) / (steps - 1)];
      const at = way * length + label;
      y[i] = (1 - share) * Number(starts?.[at]) + share * Number(ends?.[at]);
    }
    return { y: float32(y, [y.length / length, length]) };
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { classes = [] } = data;
    if (classes.length === 0)
      throw new ConfigError(
        `${this.kind}: the conditioning "${this.config.conditioning}" is on classes, but ${data.name} has none. Use data with labels; ` +
          'for rows without, use gan or dcgan, or infogan, which discovers kinds of rows by itself.',
      );
    const frequencies = await classFrequencies(this.kind, data);
    const { program, ...description } = await super.describeTraining(data, batchSize, seed);
    const prior = input(priorName, [classes.length]);
    const variables = { ...program.step.variables, [priorName]: { current: prior, next: prior } };
    return {
      ...description,
      program: {
        ...program,
        step: { ...program.step, variables },
        initial: { ...program.initial, [priorName]: frequencies },
      },
    };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    return { ...super.weightShapes(exampleShape, classes), [priorName]: [classes.length] };
  }
}
