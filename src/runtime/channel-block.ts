// How many channels the convolution of channels in blocks takes together: it depends on the processor's vectors, and the runtime does not tell.
// So images are reordered whose numbers count up, and the order tells; then a convolution has to be right.
import { conv2d, evaluate, input, type LoweredProgram, lowerProgram, type NdArray } from '../tensor/index.js';
import { GraphBuilder } from '../tensor/onnx/graph-builder.js';
import { writeModel } from '../tensor/onnx/model.js';
import { float32, type Runtime, type Value, type Values } from './runtime.js';

/** More channels than any block has, of which there are whole blocks. */
const channels = 64;
/** Two pixels: the second one of a channel follows after the first ones of all channels of its block. */
const shape = [1, channels, 1, 2] as const;

/** The channels of a block on a device, or undefined where it has no such convolution. */
export async function channelBlockOf(compile: Runtime['compile']): Promise<number | undefined> {
  try {
    const { y } = await runOn(compile, reordering(), { x: counting([...shape]) });
    // The second pixel of the first channel.
    const block = Array.from(y?.data ?? [], Number).indexOf(1);
    return block > 1 && (await convolvesRightly(compile, block)) ? block : undefined;
  } catch {
    return undefined;
  }
}

/** The program that reorders an image [1, 64, 1, 2]. */
function reordering(): LoweredProgram {
  const graph = new GraphBuilder();
  const x = { name: 'x', dtype: 'float32', shape } as const;
  graph.input(x);
  graph.reserve('y');
  const value = graph.node('com.microsoft.nchwc:ReorderInput', ['x']);
  const model = writeModel(graph.finish('channel-block', [{ name: 'y', dtype: 'float32', shape, value }]));
  return { name: 'channel-block', model, inputs: [x], results: ['y'] };
}

/** Whether images of several blocks are convolved as they should be. */
async function convolvesRightly(compile: Runtime['compile'], block: number): Promise<boolean> {
  const [x, w] = [input('x', [2, 3, 3, 2 * block]), input('w', [2, 2, 2 * block, 3 * block])];
  const y = conv2d(x, w, { padding: 1, stride: 2 });
  const feeds = { x: counting([2, 3, 3, 2 * block]), w: counting([2, 2, 2 * block, 3 * block]) };
  const lowered = lowerProgram({ name: 'channel-block', results: { y } }, { channelBlock: block });
  const result = (await runOn(compile, lowered, feeds)).y;
  const [expected] = evaluate(
    [y],
    Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, arrayOf(value)])),
  );
  // Sums of small whole numbers are exact.
  return expected?.data.every((value, i) => value === result?.data[i]) === true;
}

async function runOn(compile: Runtime['compile'], lowered: LoweredProgram, feeds: Values): Promise<Values> {
  const program = await compile(lowered);
  try {
    return await program.run(feeds);
  } finally {
    await program.dispose();
  }
}

/** Whole numbers that count up, again from 0 before they get large. */
function counting(lengths: readonly number[]): Value {
  const size = lengths.reduce((product, length) => product * length, 1);
  return float32(
    Float32Array.from({ length: size }, (_, i) => i % 131),
    lengths,
  );
}

function arrayOf({ data, shape: lengths }: Value): NdArray {
  return { shape: lengths, data: Float64Array.from(data, Number) };
}
