// Which metrics a training's charts show together, and what they are drawn over.

/** Metrics that belong into one panel of the chart. */
export interface ChartLayout {
  /** What the vertical axis shows, with its unit: 'loss (nats)'. */
  readonly label: string;
  readonly metrics: readonly string[];
}

/** The charts of a training. */
export interface Charts {
  /** From top to bottom; a metric that a training does not have is left out. Default: every metric in a panel of its own. */
  readonly panels?: readonly ChartLayout[];
  /** What the horizontal axis counts: passes over the data in batches, or iterations over all of it. */
  readonly axis: 'epoch' | 'iteration';
}
