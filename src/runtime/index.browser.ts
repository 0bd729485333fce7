// Running compiled programs in a browser.
export { openRuntime } from './browser/open.js';
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
