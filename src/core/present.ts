// Options that may be undefined, for parameters whose optional members must be left out instead.

type WithoutUndefined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * The members that have a value.
 *
 * @example present({ epochs: 5, steps: undefined })   // { epochs: 5 }
 */
export function present<T extends object>(options: T): WithoutUndefined<T> {
  const result: WithoutUndefined<T> = {};
  for (const key of keysOf(options)) {
    const value = options[key];
    if (isDefined(value)) result[key] = value;
  }
  return result;
}

function keysOf<T extends object>(value: T): (keyof T)[] {
  const keys: (keyof T)[] = [];
  for (const key in value) keys.push(key);
  return keys;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
