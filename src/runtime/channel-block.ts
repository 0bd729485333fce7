// How many channels the convolution of channels in blocks takes together: it depends on the processor's vectors, and the runtime does not tell.
// So images are reordered whose numbers count up, and the order tells; then a convolution has to be right.
import {
  add,
  constant,
  conv2d,
  evaluate,
  gradients,
  input,
  type LoweredProgram,
  leakyRelu,
  lowerProgram,
  multiply,
  type NdArray,
  simplify,
  sum,
} from '../tensor/index.js';
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

/**
 * Whether convolutions come out as they should: of several blocks, the gradient of filters, of fewer channels than a block has, and of each
 * channel by itself, added to and rectified.
 */
async function convolvesRightly(compile: Runtime['compile'], block: number): Promise<boolean> {
  const y = conv2d(input('x', [2, 3, 4, 2 * block]), input('w', [2, 4, 2 * block, 3 * block]), {
    padding: 1,
    stride: 2,
  });
  const filters = input('filters', [2, 2, block, block]);
  const responses = conv2d(input('images', [block, 3, 4, block]), filters, { padding: 1, stride: 2 });
  const [gradient = filters] = gradients(sum(multiply(responses, input('weights', responses.shape))), [filters]);
  const painted = conv2d(input('colours', [1, 4, 3, 3]), input('brushes', [3, 3, 3, block]), { padding: 1 });
  const numbers = constant(Array.from({ length: block }, (_, channel) => (channel % 5) - 2));
  const convolved = (name: string) => conv2d(input('pixels', [1, 4, 4, block]), input(name, [2, 2, block, block]));
  const shifted = leakyRelu(add(add(convolved('first'), multiply(convolved('second'), numbers)), numbers), 0.5);
  const results = { y, gradient, painted, shifted };
  const lowered = lowerProgram({ name: 'channel-block', results }, { channelBlock: block });
  const feeds = Object.fromEntries(lowered.inputs.map(({ name, shape }) => [name, counting(shape.map(Number))]));
  const found = await runOn(compile, lowered, feeds);
  const arrays = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, arrayOf(value)]));
  const expected = evaluate(simplify(Object.values(results)), arrays);
  // Sums of small whole numbers are exact.
  return Object.keys(results).every((name, i) =>
    expected[i]?.data.every((value, place) => value === found[name]?.data[place]),
  );
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
