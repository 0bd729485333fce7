// How a training went, as a chapter tells it: its length, its formulas, what each player made of it over time, and what it warned of.
import { formatCount } from '../format.js';
import { type Html, html } from '../html/html.js';
import { curvesFigure } from '../sections/curves.js';
import type { Subject } from '../subject.js';
import type { Formula } from './stage.js';

/** What is told of a training besides its curves. */
export interface ToldTraining {
  readonly steps: number;
  /** Updates of the discriminator for one of the generator; absent where there is none. */
  readonly discriminatorSteps?: number;
  /** What it warned of when it had ended. */
  readonly warnings: readonly string[];
}

/** The curves that chapters show: what is said of data and samples, or how far rows are missed. */
const shownPanels: readonly string[] = ['probability', "critic's value", 'squared error per row'];

/** `1,200 steps`. */
export function trainingFacts({ steps, discriminatorSteps = 1 }: ToldTraining): string {
  const updates = discriminatorSteps === 1 ? '' : `, each with ${discriminatorSteps} of the discriminator`;
  return `${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}${updates}`;
}

/** Who wants what. */
export function formulaList(formulas: readonly Formula[]): Html {
  return html`<dl class="formulas">${formulas.map(({ player, text }) => html`<dt>${player}</dt><dd>${text}</dd>`)}</dl>`;
}

/** What the players said, over time; none where the training was too short for curves. */
export function trainingCurves({ name, training }: Subject): Html | undefined {
  const panels = training?.panels.filter(({ label }) => shownPanels.includes(label)) ?? [];
  if (training === undefined || panels.length === 0) return undefined;
  return html`<div class="charts">${curvesFigure({ ...training, panels }, `The training under ${name}.`)}</div>`;
}

/** The warnings, or that there were none. */
export function trainingWarnings({ warnings }: ToldTraining): Html {
  if (warnings.length === 0) return html`<p><strong>What its training warned of.</strong> Nothing.</p>`;
  return html`<p><strong>What its training warned of.</strong></p><ul>${warnings.map((text) => html`<li>${text}</li>`)}</ul>`;
}
