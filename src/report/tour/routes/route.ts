// A route of the tour: the stages it passes, and what its page says about them as a whole.
import type { Html } from '../../html/html.js';
import type { TourStage } from '../stage.js';

/** A route. */
export interface TourRoute {
  readonly name: string;
  /** How long it takes unless more or less is asked for. */
  readonly minutes: number;
  /** In the order in which they are told. */
  readonly stages: readonly TourStage[];
  /** What its folder's name begins with: `tour` of `runs/tour-mnist`. */
  readonly folder: string;
  /** What it has several of, `models of` some data. */
  readonly counts: string;
  /** The page's title. */
  readonly title: string;
  /** What its page calls the first section, and what that says besides showing the data. */
  readonly opening: { readonly title: string; readonly text: Html };
  /** What the three paragraphs of a chapter begin with. */
  readonly headings: { readonly assumes: string; readonly look: string; readonly leadsOn: string };
  /** Metrics whose readings chapters quote, where a model has them; the first of each line that is there. */
  readonly readings: readonly (readonly string[])[];
  /**
   * Whether chapters tell how trainings went, by curves and warnings, and samples are shown side by side after them. Otherwise they show
   * what codes keep.
   */
  readonly isAboutTraining: boolean;
  /** What the page is about. @param count of stages as a word, `Seven` */
  describe(count: string, dataName: string): string;
}
