// Runs requirements over every kind of model, on the tiny models of cases.ts.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { exampleSize } from '../src/data/index.js';
import type { FitOptions, FittableModel } from '../src/models/contract.js';
import { createModel } from '../src/models/registry.js';
import { canSample, hasPosterior } from '../src/models/tools/abilities.js';
import { random } from '../src/runtime/random.js';
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
  make(options?: object): FittableModel;
  /** A model that has been fitted to the case's data. */
  fitted(options?: FitOptions): Promise<FittableModel>;
  /** The same, fitted once for all requirements of the suite that leave it as it is. */
  shared(): Promise<FittableModel>;
  /** Has a model disposed of after the suite. */
  keep<Model extends FittableModel>(model: Model): Model;
  /** What a fitted model learnt, as numbers: rows drawn from it, or what a classifier says to rows of the case's shape. */
  rows(model: FittableModel, count?: number, seed?: number): Promise<Float32Array>;
}

/** Requirements about training by steps, which say nothing about models that take all rows at once. */
const ofSteps: readonly Requirement[] = ['report of steps', 'resume', 'divergence', 'refused training options'];

/** Declares a suite for every case. */
export function everyModel(declare: (kit: Kit) => void): void {
  for (const [name, one] of Object.entries(cases))
    suite(name, () => {
      const { kind = name } = one;
      const models: FittableModel[] = [];
      const { batchSize } = one;
      let shared: Promise<FittableModel> | undefined;
      const fitOptions: FitOptions = {
        ...(batchSize === undefined ? {} : { steps: 12, batchSize }),
        seed: 1,
        threads: 1,
      };
      const keep = <Model extends FittableModel>(model: Model): Model => {
        models.push(model);
        return model;
      };
      const make = (options: object = {}): FittableModel => keep(createModel(kind, { ...one.options, ...options }));
      const fitted = async (options: FitOptions = {}): Promise<FittableModel> => {
        const model = make();
        await model.fit(one.data, { ...fitOptions, ...options });
        return model;
      };
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
        rows: async (model, count = 5, seed = 1) => {
          if (canSample(model)) return (await model.sample(count, { seed })).data;
          assert.ok(hasPosterior(model), `${name} neither draws rows nor tells classes`);
          const { exampleShape } = one.data;
          const x = random(seed).uniform(count * exampleSize(exampleShape));
          return Float32Array.from((await model.predictLogProba({ data: x, shape: [count, ...exampleShape] })).values);
        },
        fitted,
        shared: () => {
          shared ??= fitted();
          return shared;
        },
      });
    });
}
