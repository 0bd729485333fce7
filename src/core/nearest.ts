// Looking names up in tables, with an error that suggests the nearest known name.
import { distance } from 'fastest-levenshtein';
import { UnknownNameError } from './errors.js';

/** The known name closest to `received`, or undefined where none is close enough to be a typing error. */
export function nearestName(received: string, known: readonly string[]): string | undefined {
  const wanted = received.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(wanted.length / 3)) + 1;
  for (const name of known) {
    const candidate = distance(wanted, name.toLowerCase());
    if (candidate < bestDistance) {
      best = name;
      bestDistance = candidate;
    }
  }
  return best;
}

/** The error for a name that is not in its table: says what is known and what was probably meant. */
export function unknownName(what: string, received: string, known: readonly string[]): UnknownNameError {
  const nearest = nearestName(received, known);
  const suggestion = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return new UnknownNameError(
    `Unknown ${what} "${received}".${suggestion} Known: ${[...known].sort().join(', ')}.`,
    received,
    known,
  );
}

/** The entry of `table` under `name`. @throws UnknownNameError where there is none. */
export function lookUp<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry === undefined) throw unknownName(what, name, Object.keys(table));
  return entry;
}
