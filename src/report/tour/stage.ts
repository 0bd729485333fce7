// A stage of a tour: one model of the data, and its story.
import type { Dataset } from '../../data/dataset.js';
import type { Subject } from '../subject.js';

/** What a stage knows when it chooses its model's options. */
export interface StageBudget {
  /** For training. */
  readonly seconds: number;
  readonly data: Dataset;
}

/** A stage. */
export interface TourStage {
  /** Also the name of its run folder. */
  readonly name: string;
  readonly kind: string;
  /** As a heading. */
  readonly title: string;
  /** Of the time for training, next to the shares of the other stages. */
  readonly share: number;
  /** How long judging takes next to that of the other stages. Default: 1 */
  readonly judging?: number;
  /** What the model takes the data to be, or what it asks of its players. */
  readonly assumes: string;
  /** What is minimised or maximised, and by whom. */
  readonly formulas?: readonly Formula[];
  /** What to look at in the samples. */
  readonly look: string;
  /** What it cures or cannot do, which leads to the next stage. */
  readonly leadsOn: string;
  /** What is told instead where rows are no images but tables or points. */
  readonly ofNumbers?: { readonly look: string; readonly leadsOn?: string };
  /** What the comparison calls it, where that is not told by its kind. */
  readonly about?: Pick<Subject, 'name' | 'kind' | 'description' | 'strengths' | 'weaknesses' | 'paper'>;
  /** Whether the data are of a kind that the model can take. */
  takes(data: Dataset): boolean;
  /** The model's options. */
  options(budget: StageBudget): Readonly<Record<string, unknown>>;
  /** Options that follow the length of the training. */
  schedule?(steps: { readonly steps: number; readonly epochs: number }): Readonly<Record<string, unknown>>;
  /** Rows of a step. Default: the model's own choice. */
  batchSize?(data: Dataset): number;
}

/** What one player wants. */
export interface Formula {
  /** `Generator minimises` */
  readonly player: string;
  readonly text: string;
}
