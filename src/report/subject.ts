// What a page tells of one model: what it is, what an evaluation found, what it drew, how its training went.
import type { Capability } from '../models/contract.js';
import type { Evaluation } from './evaluation.js';
import type { EvaluationPictures } from './evaluation-pictures.js';

/** A model on a page. */
export interface Subject {
  /** What it is called here: unlike all others on the page. */
  readonly name: string;
  readonly kind: string;
  /** What it is, what it is good for and what it is bad for: a sentence each. */
  readonly description: string;
  readonly strengths: string;
  readonly weaknesses: string;
  readonly paper: string;
  /** Options that differ from the model's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly evaluation: Evaluation;
  readonly pictures: EvaluationPictures;
  readonly capabilities: readonly Capability[];
  /** How its training went; absent where nothing was recorded. */
  readonly training?: TrainingCurves;
}

/** The curves of a training. */
export interface TrainingCurves {
  /** What the curves are over: minutes, or steps of a training that did not record its time. */
  readonly over: 'minutes' | 'step';
  readonly panels: readonly CurvePanel[];
}

/** Curves that share an axis. */
export interface CurvePanel {
  readonly label: string;
  readonly series: readonly { readonly name: string; readonly x: readonly number[]; readonly y: readonly number[] }[];
}
