// Models that compute nothing: they tell whether a device works, and bring values back from one.
import { input } from '../tensor/operators/source.js';
import { lowerProgram, nextName, type ProgramInput } from '../tensor/program.js';

/** A model that gives each input back under the name of its next value. */
export function identityModel(inputs: readonly ProgramInput[]): Uint8Array {
  const results = inputs.map(({ name, shape, dtype }) => [nextName(name), input(name, shape, dtype)] as const);
  return lowerProgram({ name: 'identity', results: Object.fromEntries(results) }).model;
}

/** The smallest model that a device has to be able to open. */
export function probeModel(): Uint8Array {
  return identityModel([{ name: 'x', shape: [1], dtype: 'float32' }]);
}
