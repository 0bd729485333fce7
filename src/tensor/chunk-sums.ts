// Sums over chunks: a program is computed for every chunk of some inputs, which are stacked along a new first axis, and its results
// are added up. ONNX's Scan hands the chunks to its body without copying them; what does not depend on them is computed once.
import { ConfigError } from '../core/errors.js';
import { GraphBuilder } from './onnx/graph-builder.js';
import { writeModel } from './onnx/model.js';
import { constantData, inputName } from './operators/source.js';
import { describe, type LoweredProgram, type Program, stepsDim } from './program.js';
import { staticDim } from './shape.js';
import { simplify } from './simplify.js';
import { inTopologicalOrder, type Tensor } from './tensor.js';

/**
 * Lowers a program to one that takes the inputs named `stacked` as [steps, ...shape] and gives each result summed over the steps.
 *
 * @throws ConfigError for results that depend on none of them, ShapeError for results of a length that is not known
 * @example lowerChunkSums({ name: 'moments', results: { sum: sum(x, { axes: 0 }) } }, ['x'])
 */
export function lowerChunkSums(program: Program, stacked: readonly string[]): LoweredProgram {
  const names = Object.keys(program.results);
  const tensors = simplify(Object.values(program.results));
  const graph = new GraphBuilder();
  const inner = innerTensors(tensors, stacked);
  const chunks = [...inner].flatMap((tensor) => {
    const name = inputName(tensor);
    return name === undefined ? [] : [{ name, tensor }];
  });
  if (chunks.length === 0)
    throw new ConfigError(`${program.name} has no sum over ${stacked.join(', ')}: nothing depends on them.`);
  for (const tensor of inTopologicalOrder(tensors)) {
    const name = inputName(tensor);
    if (name === undefined) continue;
    const { dtype, shape } = tensor;
    graph.input({ name, dtype, shape: inner.has(tensor) ? [stepsDim, ...shape] : shape });
  }
  for (const name of names) graph.reserve(name);

  const body = new GraphBuilder(graph);
  const totals = tensors.map((tensor, index) =>
    body.input(describe(graph.uniqueName(`total/${names[index]}`), tensor)),
  );
  const values = new Map<Tensor, string>();
  for (const { name, tensor } of chunks)
    values.set(tensor, body.input(describe(graph.uniqueName(`chunk/${name}`), tensor)));
  for (const tensor of inTopologicalOrder(tensors)) {
    if (values.has(tensor)) continue;
    const builder = inner.has(tensor) ? body : graph;
    const data = constantData(tensor);
    builder.scope = tensor.scope ?? '';
    if (data !== undefined) values.set(tensor, graph.constant(tensor.dtype, tensor.shape.map(Number), data));
    else {
      const inputs = tensor.operation.inputs.map((part) => values.get(part) ?? '');
      values.set(tensor, inputName(tensor) ?? tensor.operation.lower(builder, inputs, tensor));
    }
  }
  body.scope = 'total';
  const outputs = tensors.map((tensor, index) => ({
    ...describe(graph.uniqueName(`next/${names[index]}`), tensor),
    value: body.node('Add', [totals[index] ?? '', values.get(tensor) ?? '']),
  }));
  const zeros = tensors.map(({ dtype, shape }) => {
    const lengths = shape.map((dim) => staticDim(dim, `The length of a sum of ${program.name}`));
    const zero = graph.scalar(dtype, 0);
    return lengths.length === 0 ? zero : graph.node('Expand', [zero, graph.int64s(lengths)]);
  });
  const sums = graph.nodeWithResults('Scan', [...zeros, ...chunks.map(({ name }) => name)], names.length, {
    body: body.finish(`${program.name}/chunk`, outputs),
    num_scan_inputs: chunks.length,
  });
  const results = tensors.map((tensor, index) => ({
    ...describe(names[index] ?? '', tensor),
    value: sums[index] ?? '',
  }));
  return {
    name: program.name,
    inputs: [...graph.inputs],
    results: names,
    model: writeModel(graph.finish(program.name, results)),
  };
}

/** What depends on the chunks, and so has to be computed for each. */
function innerTensors(tensors: readonly Tensor[], stacked: readonly string[]): Set<Tensor> {
  const inner = new Set<Tensor>();
  for (const tensor of inTopologicalOrder(tensors)) {
    const name = inputName(tensor);
    if (name === undefined ? tensor.operation.inputs.some((part) => inner.has(part)) : stacked.includes(name))
      inner.add(tensor);
  }
  return inner;
}
