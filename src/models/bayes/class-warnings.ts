// What looks wrong with the classes of data.
import type { ClassSummary } from './bayes-model.js';

/** Classes that there is too little of, and what to do about them. */
export function classWarnings({ classes, counts }: ClassSummary): string[] {
  const named = (wanted: number): string[] => classes.filter((_, label) => counts[label] === wanted);
  const [none, one] = [named(0), named(1)];
  return [
    ...(none.length === 0
      ? []
      : [
          `The data has no rows of ${list(none)}, which ${none.length === 1 ? 'is' : 'are'} given probability 0. ` +
            'Add rows, or leave such classes out.',
        ]),
    ...(one.length === 0
      ? []
      : [
          `The data has a single row of ${list(one)}, from which no spread can be learnt. Add rows, or merge rare classes.`,
        ]),
  ];
}

/** The first few of some names. */
export function list(names: readonly (string | number)[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
