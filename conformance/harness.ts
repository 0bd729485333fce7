// Runs requirements over every kind of model, on the tiny models of cases.ts.
import { after, suite, test } from 'node:test';
import type { FitOptions, GenerativeModel } from '../src/models/contract.js';
import { createModel } from '../src/models/registry.js';
import { cases, type ModelCase, type Requirement } from './cases.js';

/** What a requirement has at hand: a kind of model, and ways to make and use tiny ones. */
export interface Kit {
  readonly kind: string;
  readonly one: ModelCase;
  /** A short fit: twelve steps, or all rows at once. */
  readonly fitOptions: FitOptions;
  /** Whether the model is trained batch by batch. */
  readonly inBatches: boolean;
  /** Declares a requirement; a case that is excepted from it, with its reason in cases.ts, is not asked. */
  requires(name: Requirement, check: () => Promise<void>): void;
  /** A model with the case's options. It is disposed of after the suite. */
  make(options?: object): GenerativeModel;
  /** A model that has been fitted to the case's data. */
  fitted(options?: FitOptions): Promise<GenerativeModel>;
  /** Has a model disposed of after the suite. */
  keep<Model extends GenerativeModel>(model: Model): Model;
}

/** Requirements about training by steps, which say nothing about models that take all rows at once. */
const ofSteps: readonly Requirement[] = ['report of steps', 'resume', 'divergence', 'refused training options'];

/** Declares a suite for every case. */
export function everyModel(declare: (kit: Kit) => void): void {
  for (const [name, one] of Object.entries(cases))
    suite(name, () => {
      const { kind = name } = one;
      const models: GenerativeModel[] = [];
      const { batchSize } = one;
      const fitOptions: FitOptions = {
        ...(batchSize === undefined ? {} : { steps: 12, batchSize }),
        seed: 1,
        threads: 1,
      };
      const keep = <Model extends GenerativeModel>(model: Model): Model => {
        models.push(model);
        return model;
      };
      const make = (options: object = {}): GenerativeModel => keep(createModel(kind, { ...one.options, ...options }));
      after(async () => {
        for (const model of models) await model.dispose();
      });
      declare({
        kind,
        one,
        fitOptions,
        inBatches: batchSize !== undefined,
        keep,
        make,
        requires: (requirement, check) => {
          if (batchSize === undefined && ofSteps.includes(requirement)) return;
          if (one.exceptions?.[requirement] === undefined) test(requirement, check);
        },
        fitted: async (options = {}) => {
          const model = make();
          await model.fit(one.data, { ...fitOptions, ...options });
          return model;
        },
      });
    });
}

/** Rows drawn from a model. */
export async function rows(model: GenerativeModel, count = 5, seed = 1): Promise<Float32Array> {
  return (await model.sample(count, { seed })).data;
}
