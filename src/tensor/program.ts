// Programs: named results of named inputs, lowered to ONNX. A step program also carries state from one run to the next; it can be
// lowered to a single step, or to a Loop of many steps that never leaves the runtime.
import { create } from '@bufbuild/protobuf';
import { ConfigError } from '../core/errors.js';
import { blockedImages, laidOut } from './layouts.js';
import { GraphBuilder, type GraphTarget } from './onnx/graph-builder.js';
import type { ValueDescription } from './onnx/messages.js';
import { writeModel } from './onnx/model.js';
import { type GraphProto, GraphProtoSchema } from './onnx/onnx_pb.js';
import { constantData, input, inputName } from './operators/source.js';
import { batch, formatShape, type Shape, SymbolicDim } from './shape.js';
import { simplify } from './simplify.js';
import { type BlockedImage, type DType, inTopologicalOrder, type LaidOut, type Made, type Tensor } from './tensor.js';

/** A pure function from inputs to named results. */
export interface Program {
  readonly name: string;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** One variable of a step program: its value before the step, an input, and its value after. */
export interface Variable {
  readonly current: Tensor;
  readonly next: Tensor;
}

/** A step: variables that change from run to run, inputs that are fed anew each time, and numbers to report. */
export interface StepProgram {
  readonly name: string;
  /** Under the names of their inputs. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Scalars reported for every step. */
  readonly metrics: Readonly<Record<string, Tensor>>;
}

/** An input of a lowered program. */
export type ProgramInput = ValueDescription;

/** A program as ONNX, with what has to be fed. */
export interface LoweredProgram {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: readonly ProgramInput[];
  readonly results: readonly string[];
}

/** A step program as ONNX. `stacked` tells whether one run does many steps, its feeds stacked along a new first axis. */
export interface LoweredStepProgram extends LoweredProgram {
  readonly variables: readonly ProgramInput[];
  readonly feeds: readonly ProgramInput[];
  readonly metrics: readonly string[];
  readonly stacked: boolean;
}

/** The inputs that some tensors need, by name. @throws ConfigError where two different inputs share a name */
export function inputsOf(tensors: readonly Tensor[]): Map<string, Tensor> {
  const inputs = new Map<string, Tensor>();
  for (const tensor of inTopologicalOrder(tensors)) {
    const name = inputName(tensor);
    if (name === undefined) continue;
    const other = inputs.get(name);
    if (other !== undefined && (other.dtype !== tensor.dtype || formatShape(other.shape) !== formatShape(tensor.shape)))
      throw new ConfigError(
        `Two different inputs are called "${name}": ${other} and ${tensor}. Give one another name.`,
      );
    inputs.set(name, tensor);
  }
  return inputs;
}

/** A tensor as an input or output of a graph. */
export function describe(name: string, tensor: { shape: Shape; dtype: DType }): ValueDescription {
  return { name, shape: tensor.shape, dtype: tensor.dtype };
}

/** What a lowered program is for. */
export type LoweringOptions = GraphTarget;

/** Lowers a program to an ONNX model. */
export function lowerProgram(program: Program, target: LoweringOptions = {}): LoweredProgram {
  const names = Object.keys(program.results);
  const tensors = simplify(Object.values(program.results));
  const graph = new GraphBuilder(undefined, target);
  const inputs = [...inputsOf(tensors)].map(([name, tensor]) => describe(name, tensor));
  for (const description of inputs) graph.input(description);
  for (const name of names) graph.reserve(name);
  const values = emit(graph, tensors);
  const outputs = tensors.map((tensor, index) => ({
    ...describe(names[index] ?? '', tensor),
    value: values.get(tensor) ?? '',
  }));
  return { name: program.name, model: writeModel(graph.finish(program.name, outputs)), inputs, results: names };
}

interface SimplifiedStep {
  readonly variables: readonly (ValueDescription & { readonly next: Tensor })[];
  readonly metrics: readonly (ValueDescription & { readonly next: Tensor })[];
  readonly feeds: readonly ValueDescription[];
}

function simplifyStep(step: StepProgram): SimplifiedStep {
  const variableNames = Object.keys(step.variables);
  const metricNames = Object.keys(step.metrics);
  const simplified = simplify([
    ...Object.values(step.variables).map(({ next }) => next),
    ...Object.values(step.metrics),
  ]);
  const at = (index: number): Tensor => {
    const tensor = simplified[index];
    if (tensor === undefined) throw new ConfigError(`The step ${step.name} lost a result.`);
    return tensor;
  };
  const variables = variableNames.map((name, index) => {
    const variable = step.variables[name];
    const next = at(index);
    if (variable === undefined || inputName(variable.current) !== name)
      throw new ConfigError(`The variable "${name}" of ${step.name} has to be listed under the name of its input.`);
    if (formatShape(next.shape) !== formatShape(variable.current.shape) || next.dtype !== variable.current.dtype)
      throw new ConfigError(`The variable "${name}" of ${step.name} is ${variable.current} but would become ${next}.`);
    return { ...describe(name, variable.current), next };
  });
  const metrics = metricNames.map((name, index) => {
    const next = at(variableNames.length + index);
    if (next.rank !== 0)
      throw new ConfigError(`The metric "${name}" has shape ${formatShape(next.shape)}; metrics are scalars.`);
    return { ...describe(name, next), next };
  });
  const feeds = [...inputsOf(simplified)].flatMap(([name, tensor]) =>
    name in step.variables ? [] : [describe(name, tensor)],
  );
  return { variables, metrics, feeds };
}

/** Lowers a step program to a model that does one step per run. */
export function lowerStep(step: StepProgram, target: LoweringOptions = {}): LoweredStepProgram {
  const { variables, metrics, feeds } = simplifyStep(step);
  const graph = new GraphBuilder(undefined, target);
  for (const { name, dtype, shape } of [...variables, ...feeds]) graph.input({ name, dtype, shape });
  for (const name of resultNames(variables, metrics)) graph.reserve(name);
  const values = emit(
    graph,
    [...variables, ...metrics].map(({ next }) => next),
  );
  const outputs = [
    ...variables.map(({ name, next }) => ({ ...describe(nextName(name), next), value: values.get(next) ?? '' })),
    ...metrics.map(({ name, next }) => ({ ...describe(name, next), value: values.get(next) ?? '' })),
  ];
  return lowered(step, graph.finish(step.name, outputs), variables, feeds, metrics, false);
}

/** The length of the stacked feeds, and how many steps a run does: whatever is fed. */
export const stepsDim = new SymbolicDim('steps');

/** The input that says how many steps a run does. */
export const stepCountInput = 'steps';

/** The name of a variable's value after a run. */
export function nextName(variable: string): string {
  return `${variable}/next`;
}

function resultNames(variables: readonly ValueDescription[], metrics: readonly ValueDescription[]): string[] {
  return [...variables.map(({ name }) => nextName(name)), ...metrics.map(({ name }) => name)];
}

/**
 * Lowers a step program to a model that does many steps per run by ONNX's Loop: variables are carried from step to step inside
 * the runtime, each step takes its part of the stacked feeds, metrics come out stacked. Equal to single steps bit for bit.
 */
export function lowerLoop(step: StepProgram, target: LoweringOptions = {}): LoweredStepProgram {
  const { variables, metrics, feeds } = simplifyStep(step);
  const graph = new GraphBuilder(undefined, target);
  for (const { name, dtype, shape } of variables) graph.input({ name, dtype, shape });
  for (const { name, dtype, shape } of feeds) graph.input({ name, dtype, shape: [stepsDim, ...shape] });
  if (feeds.some(({ name }) => name === stepCountInput) || variables.some(({ name }) => name === stepCountInput))
    throw new ConfigError(
      `The step ${step.name} has an input "${stepCountInput}", a name that is taken; give it another.`,
    );
  graph.input({ name: stepCountInput, dtype: 'int64', shape: [] });
  for (const name of resultNames(variables, metrics)) graph.reserve(name);

  const body = new GraphBuilder(graph);
  const iteration = body.input({ name: graph.uniqueName('loop/iteration'), dtype: 'int64', shape: [] });
  const condition = body.input({ name: graph.uniqueName('loop/condition'), dtype: 'bool', shape: [] });
  const carried = new Map(
    variables.map(({ name, dtype, shape }) => [
      name,
      body.input({ name: graph.uniqueName(`loop/${name}`), dtype, shape }),
    ]),
  );
  body.scope = 'feed';
  for (const { name } of feeds) carried.set(name, body.node('Gather', [name, iteration], { axis: 0 }));
  const values = emit(
    body,
    [...variables, ...metrics].map(({ next }) => next),
    carried,
  );
  const bodyOutputs = [
    { name: graph.uniqueName('loop/continue'), dtype: 'bool' as const, shape: [], value: condition },
    ...variables.map(({ name, next }) => ({
      ...describe(graph.uniqueName(`loop/${nextName(name)}`), next),
      value: values.get(next) ?? '',
    })),
    ...metrics.map(({ name, next }) => ({
      ...describe(graph.uniqueName(`loop/${name}`), next),
      value: values.get(next) ?? '',
    })),
  ];
  const results = graph.nodeWithResults(
    'Loop',
    [stepCountInput, '', ...variables.map(({ name }) => name)],
    variables.length + metrics.length,
    { body: body.finish(`${step.name}/step`, bodyOutputs) },
  );
  const outputs = [...variables, ...metrics].map(({ name, dtype, shape }, index) => ({
    name: index < variables.length ? nextName(name) : name,
    dtype,
    shape: index < variables.length ? shape : [stepsDim, ...shape],
    value: results[index] ?? '',
  }));
  return lowered(step, graph.finish(step.name, outputs), variables, feeds, metrics, true);
}

function lowered(
  step: StepProgram,
  graph: GraphProto,
  variables: readonly ValueDescription[],
  feeds: readonly ValueDescription[],
  metrics: readonly ValueDescription[],
  stacked: boolean,
): LoweredStepProgram {
  const plain = ({ name, dtype, shape }: ValueDescription): ValueDescription => ({ name, dtype, shape });
  return {
    name: step.name,
    model: writeModel(create(GraphProtoSchema, graph)),
    inputs: [...variables, ...feeds].map(plain),
    results: resultNames(variables, metrics),
    variables: variables.map(plain),
    feeds: feeds.map(plain),
    metrics: metrics.map(({ name }) => name),
    stacked,
  };
}

/** Emits the nodes for some tensors; `given` names the values that inputs stand for, by default their own names. */
function emit(
  graph: GraphBuilder,
  tensors: readonly Tensor[],
  given?: ReadonlyMap<string, string>,
): Map<Tensor, string> {
  const values = new Map<Tensor, LaidOut>();
  const order = inTopologicalOrder(tensors);
  const images = blockedImages(graph, order, tensors);
  for (const tensor of order) {
    const name = inputName(tensor);
    const data = constantData(tensor);
    const image = images.get(tensor);
    graph.scope = tensor.scope ?? '';
    const made = (): Made => {
      if (name !== undefined) return { ordered: given?.get(name) ?? name };
      if (data !== undefined) return { ordered: graph.constant(tensor.dtype, tensor.shape.map(Number), data) };
      const inputs = tensor.operation.inputs.flatMap((part) => values.get(part) ?? []);
      const result = lowerOperation(graph, inputs, tensor, image);
      if ('ordered' in result) graph.ofShape(result.ordered, tensor.shape);
      return result;
    };
    values.set(tensor, laidOut(graph, tensor, made(), image));
  }
  return new Map(tensors.map((tensor) => [tensor, values.get(tensor)?.ordered ?? '']));
}

/** The nodes of one operator: in blocks where images are kept so and it deals with them, else with channels last. */
function lowerOperation(
  graph: GraphBuilder,
  inputs: readonly LaidOut[],
  tensor: Tensor,
  image: BlockedImage | undefined,
): Made {
  const { operation } = tensor;
  const isKept = image !== undefined || inputs.some((input) => input.image !== undefined);
  const made = isKept ? operation.blocked?.lower(graph, inputs, tensor, image) : undefined;
  if (made !== undefined) return made;
  const names = inputs.map(({ ordered }) => ordered);
  return { ordered: operation.lower(graph, names, tensor) };
}

/** A program whose first axis is fed in any length: the usual form of programs that are saved. */
export function batchInput(name: string, exampleShape: readonly number[], dtype: DType = 'float32'): Tensor {
  return input(name, [batch, ...exampleShape], dtype);
}
