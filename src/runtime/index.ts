// Running compiled programs in Node.
export { openRuntime } from './node/open.js';
export { freshSeed, type Random, random } from './random.js';
export {
  type CompiledProgram,
  type CompiledStepProgram,
  type DeviceName,
  float32,
  type HeldValues,
  type Runtime,
  type RuntimeOptions,
  type Value,
  type ValueData,
  type Values,
} from './runtime.js';
