// A value and its interval as a dot on a line, on a scale that all values of a metric share.
import type { Contest } from '../contest.js';
import type { EvaluationRow } from '../evaluation.js';
import { type Html, html } from '../html/html.js';

/** The scale of one metric. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic: boolean;
}

const [width, height] = [104, 12];
const margin = 3;
/** Beyond this ratio small values would lie on each other. */
const mostRatio = 30;

/** The scale of a contest: from the lowest end of an interval to the highest; none where there are not two values to compare. */
export function rangeOf({ entries, reference }: Contest): Range | undefined {
  const rows = entries.flatMap((entry) => (entry === undefined ? [] : [entry.row]));
  if (rows.length < 2) return undefined;
  const ends = [...rows, ...(reference === undefined ? [] : [reference])]
    .flatMap(({ value, interval }) => [value, ...(interval ?? [])])
    .filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (!(high > low)) return undefined;
  return { low, high, isLogarithmic: low > 0 && high / low > mostRatio };
}

/** The picture; hidden from assistive technology, since the numbers stand beside it. */
export function rangePicture(
  range: Range,
  { value, interval }: Pick<EvaluationRow, 'value' | 'interval'>,
  reference: number | undefined,
): Html {
  const at = (place: number): string => positionOf(range, place).toFixed(1);
  const middle = height / 2;
  return html`<svg class="range" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path d="M0,${middle}H${width}" stroke="var(--line)" stroke-width="1"/>${
    reference !== undefined &&
    Number.isFinite(reference) &&
    html`<path d="M${at(reference)},1V${height - 1}" stroke="var(--muted)" stroke-width="1.5"/>`
  }${
    interval !== undefined &&
    html`<path d="M${at(interval[0])},${middle}H${at(interval[1])}" stroke="var(--mark)" stroke-width="3" stroke-opacity=".45"/>`
  }${Number.isFinite(value) && html`<circle cx="${at(value)}" cy="${middle}" r="3" fill="var(--mark)"/>`}</svg>`;
}

function positionOf({ low, high, isLogarithmic }: Range, place: number): number {
  const clipped = Math.min(high, Math.max(low, place));
  const share = isLogarithmic ? Math.log(clipped / low) / Math.log(high / low) : (clipped - low) / (high - low);
  return margin + share * (width - 2 * margin);
}
