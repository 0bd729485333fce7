// What metrics look at, as far as it was gathered: reading anything else is a mistake in the metric, which did not say that it needs it.
import { VerisimError } from '../../core/errors.js';
import type { MetricInputs, MetricNeed } from '../../metrics/index.js';

/** Gathered inputs. */
export class GatheredInputs implements MetricInputs {
  readonly #metric: string;
  readonly #inputs: Partial<MetricInputs>;

  constructor(metric: string, inputs: Partial<MetricInputs>) {
    this.#metric = metric;
    this.#inputs = inputs;
  }

  get real() {
    return this.#given('real');
  }
  get samples() {
    return this.#given('samples');
  }
  get training() {
    return this.#given('training');
  }
  get realLabels() {
    return this.#given('realLabels');
  }
  get sampleLabels() {
    return this.#given('sampleLabels');
  }
  get sampleClasses() {
    return this.#given('sampleClasses');
  }
  get realClasses() {
    return this.#given('realClasses');
  }
  get likelihoods() {
    return this.#given('likelihoods');
  }
  get trainingCodes() {
    return this.#given('trainingCodes');
  }
  get realCodes() {
    return this.#given('realCodes');
  }
  get originals() {
    return this.#given('originals');
  }
  get reconstructions() {
    return this.#given('reconstructions');
  }

  #given<Need extends MetricNeed>(need: Need): MetricInputs[Need] {
    const input: MetricInputs[Need] | undefined = this.#inputs[need];
    if (input === undefined)
      throw new VerisimError(`The metric ${this.#metric} looks at "${need}", which is not among its needs.`);
    return input;
  }
}
