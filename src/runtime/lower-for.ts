// Which form of a training step a device runs fastest.
import { type LoweredStepProgram, lowerLoop, lowerStep, type StepProgram } from '../tensor/program.js';
import { inTopologicalOrder } from '../tensor/tensor.js';
import type { Runtime } from './runtime.js';

/** Lowers a step for a device: such a program need not run on others. */
export async function lowerFor(runtime: Runtime, step: StepProgram): Promise<LoweredStepProgram> {
  // WebGPU keeps the state on the device anyway and gains nothing from a Loop.
  if (runtime.device === 'webgpu') return lowerStep(step, { processor: 'gpu' });
  return lowerLoop(step, convolves(step) ? { channelBlock: await runtime.channelBlock() } : {});
}

/** Whether there are convolutions, for which alone the device is asked how it computes them. */
function convolves({ variables, metrics }: StepProgram): boolean {
  const results = [...Object.values(variables).map(({ next }) => next), ...Object.values(metrics)];
  return inTopologicalOrder(results).some(({ operation }) => convolutions.has(operation.operator));
}

/** Operators that may be lowered to convolutions of channels in blocks. */
const convolutions: ReadonlySet<string> = new Set(['convolution', 'transposedConvolution']);
