// Which form of a training step a device runs fastest.
import { type LoweredStepProgram, lowerLoop, lowerStep, type StepProgram } from '../tensor/program.js';
import type { Runtime } from './runtime.js';

/** Lowers a step for a device: such a program need not run on others. */
export async function lowerFor(runtime: Runtime, step: StepProgram): Promise<LoweredStepProgram> {
  // WebGPU keeps the state on the device anyway and gains nothing from a Loop.
  if (runtime.device === 'webgpu') return lowerStep(step, { processor: 'gpu' });
  return lowerLoop(step, { channelBlock: await runtime.channelBlock() });
}
