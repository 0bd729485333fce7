// Collects ONNX nodes and constants for one graph, with readable unique names, and turns them into ONNX's own messages.
import { create } from '@bufbuild/protobuf';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dim, divideDims, type Shape } from '../shape.js';
import type { ConstantData, DType } from '../tensor.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.js';

/** ONNX's number for each of our types. */
export const onnxType: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** A floating-point attribute; plain numbers are written as integers. */
export interface FloatAttribute {
  readonly float: number;
}

/** A number as a floating-point attribute. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

/** The value of a node's attribute. */
export type AttributeValue = number | readonly number[] | string | FloatAttribute | GraphProto;

/** The attributes of a node by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A named input or output of a graph. */
export interface ValueDescription {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Builds one graph. A body of a Loop shares the constants and names of its parent. */
export class GraphBuilder {
  /** The place in the model that new nodes are named after. */
  scope = '';
  readonly inputs: ValueDescription[] = [];
  readonly #nodes: NodeProto[] = [];
  readonly #parent: GraphBuilder | undefined;
  readonly #names: Map<string, number>;
  readonly #constants = new Map<string, string>();
  readonly #initializers: TensorProto[] = [];
  readonly #dimensions = new Map<string, string>();
  readonly #results = new Map<string, string[]>();
  readonly #reshapes = new Map<string, { readonly source: string; readonly target: string }>();
  readonly #scalars: Set<string>;

  constructor(parent?: GraphBuilder) {
    this.#parent = parent;
    this.#names = parent === undefined ? new Map() : parent.#names;
    this.#scalars = parent === undefined ? new Set() : parent.#scalars;
  }

  /** A name not yet used in this graph, its parents and bodies. */
  uniqueName(wanted: string): string {
    const count = this.#names.get(wanted) ?? 0;
    this.#names.set(wanted, count + 1);
    return count === 0 ? wanted : this.uniqueName(`${wanted}_${count}`);
  }

  /** Keeps a name for an output of the graph. @throws ConfigError where an input has it */
  reserve(name: string): void {
    if (this.inputs.some((input) => input.name === name))
      throw new ConfigError(`The result "${name}" has the name of an input; give it another.`);
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
  }

  /**
   * Adds a node and returns the name of its only result. Reshapes wander behind element-wise operators: there they meet and
   * cancel, and what is computed stands directly behind the product that it can be fused with.
   */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const [first = '', ...others] = inputs;
    const reshape = this.#reshapes.get(first);
    if (reshape !== undefined) {
      if (operator === 'Reshape') return this.node('Reshape', [reshape.source, ...others], attributes);
      if (elementwiseInFirst.has(operator) && others.every((other) => this.#scalars.has(other)))
        return this.node('Reshape', [this.node(operator, [reshape.source, ...others], attributes), reshape.target]);
    }
    const result = this.nodeWithResults(operator, inputs, 1, attributes)[0] ?? '';
    if (operator === 'Reshape') this.#reshapes.set(result, { source: first, target: others[0] ?? '' });
    return result;
  }

  /** Whether a value is another one in another shape. */
  isReshaped(value: string): boolean {
    return this.#reshapes.has(value);
  }

  /** A reshape that stays where it is. */
  fixedReshape(value: string, shape: Shape): string {
    return this.nodeWithResults('Reshape', [value, this.reshapeTarget(shape)], 1)[0] ?? '';
  }

  /**
   * Adds a node and returns the names of its results. All operators used are deterministic, so an equal node that is
   * already there is used again: lowerings need not know what others have emitted.
   */
  nodeWithResults(operator: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    const key = Object.values(attributes).some((value) => typeof value === 'object' && '$typeName' in value)
      ? undefined
      : JSON.stringify([operator, inputs, count, attributes]);
    const known = key === undefined ? undefined : this.#results.get(key);
    if (known !== undefined) return known;
    const name = this.uniqueName(this.scope === '' ? operator : `${this.scope}/${operator}`);
    const results = Array.from({ length: count }, (_, index) => (count === 1 ? name : `${name}.${index}`));
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: operator,
        input: [...inputs],
        output: results,
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      }),
    );
    if (key !== undefined) this.#results.set(key, results);
    return results;
  }

  /** A constant, stored once however often it is asked for. */
  constant(dtype: DType, shape: readonly number[], data: ConstantData | readonly number[]): string {
    if (this.#parent !== undefined) return this.#parent.constant(dtype, shape, data);
    const rawData = littleEndianBytes(dtype, data);
    const key = `${dtype}[${shape}]${fingerprint(rawData)}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.uniqueName(data.length === 1 ? `constant/${data[0]}` : `constant/${dtype}[${shape}]`);
    this.#initializers.push(
      create(TensorProtoSchema, { name, dataType: onnxType[dtype], dims: shape.map(BigInt), rawData }),
    );
    this.#constants.set(key, name);
    if (shape.length === 0) this.#scalars.add(name);
    return name;
  }

  scalar(dtype: DType, value: number): string {
    return this.constant(dtype, [], [value]);
  }

  int64s(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  /** Declares an input of the graph. */
  input(description: ValueDescription): string {
    this.inputs.push(description);
    this.#names.set(description.name, (this.#names.get(description.name) ?? 0) + 1);
    return description.name;
  }

  /** A shape as a one-dimensional int64 tensor, its symbolic lengths read from the graph's inputs when it runs. */
  shape(shape: Shape): string {
    if (shape.every((dim) => typeof dim === 'number')) return this.int64s(shape);
    return this.node(
      'Concat',
      shape.map((dim) => this.#dimension(dim)),
      { axis: 0 },
    );
  }

  /** A shape for the operator Reshape, where one symbolic length can be left for it to infer. */
  reshapeTarget(shape: Shape): string {
    const symbolic = shape.filter((dim) => typeof dim !== 'number');
    if (symbolic.length > 1) return this.shape(shape);
    return this.int64s(shape.map((dim) => (typeof dim === 'number' ? dim : -1)));
  }

  #dimension(dim: Dim): string {
    if (typeof dim === 'number') return this.int64s([dim]);
    const key = dim.toString();
    const known = this.#dimensions.get(key);
    if (known !== undefined) return known;
    for (const input of this.inputs)
      for (const [axis, from] of input.shape.entries()) {
        const factor = typeof from === 'number' ? undefined : divideDims(dim, from);
        if (typeof factor !== 'number') continue;
        const length = this.node('Shape', [input.name], { start: axis, end: axis + 1 });
        const name = factor === 1 ? length : this.node('Mul', [length, this.int64s([factor])]);
        this.#dimensions.set(key, name);
        return name;
      }
    throw new ShapeError(
      `No input of the program has a length that ${dim} is a multiple of, so it is unknown when it runs.`,
    );
  }

  /**
   * The finished graph. A result that is an output takes the output's name, so that no copying Identity is needed; inputs
   * and constants that are outputs, and results that are several outputs, get one.
   */
  finish(name: string, outputs: readonly (ValueDescription & { readonly value: string })[]): GraphProto {
    const produced = new Set(this.#nodes.flatMap((node) => node.output));
    const renamed = new Map<string, string>();
    for (const output of outputs) {
      if (output.value === output.name) continue;
      if (produced.has(output.value) && !renamed.has(output.value)) renamed.set(output.value, output.name);
      else
        this.#nodes.push(
          create(NodeProtoSchema, {
            name: this.uniqueName(`${output.name}/Identity`),
            opType: 'Identity',
            input: [output.value],
            output: [output.name],
          }),
        );
    }
    if (renamed.size > 0) for (const node of this.#nodes) renameValues(node, renamed);
    return create(GraphProtoSchema, {
      name,
      node: needed(
        this.#nodes,
        outputs.map((output) => output.name),
      ),
      initializer: this.#initializers,
      input: this.inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    });
  }
}

/** Operators that act on each value of their first input by itself. */
const elementwiseInFirst: ReadonlySet<string> = new Set([
  ...[
    'Abs',
    'Add',
    'Cast',
    'Clip',
    'Div',
    'Elu',
    'Erf',
    'Exp',
    'Gelu',
    'HardSigmoid',
    'LeakyRelu',
    'Log',
    'Max',
    'Min',
    'Mul',
  ],
  ...['Neg', 'Pow', 'Reciprocal', 'Relu', 'Sigmoid', 'Softplus', 'Sqrt', 'Sub', 'Tanh'],
]);

/** The nodes that some results depend on, in their order. */
function needed(nodes: readonly NodeProto[], results: readonly string[]): NodeProto[] {
  const wanted = new Set(results);
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((value) => wanted.has(value))) continue;
    kept.push(node);
    for (const value of usedBy(node)) wanted.add(value);
  }
  return kept.reverse();
}

/** The values a node reads, those that its bodies take from outside included. */
function usedBy(node: NodeProto): string[] {
  const inner = node.attribute.flatMap(({ g }) => [
    ...(g?.node ?? []).flatMap(usedBy),
    ...(g?.output ?? []).map(({ name }) => name),
  ]);
  return [...node.input, ...inner];
}

function renameValues(node: NodeProto, renamed: ReadonlyMap<string, string>): void {
  node.input = node.input.map((value) => renamed.get(value) ?? value);
  node.output = node.output.map((value) => renamed.get(value) ?? value);
  for (const { g } of node.attribute) for (const inner of g?.node ?? []) renameValues(inner, renamed);
}

function valueInfo({ name, dtype, shape }: ValueDescription): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: onnxType[dtype],
          shape: {
            dim: shape.map((dim) => ({
              value:
                typeof dim === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(dim) }
                  : { case: 'dimParam' as const, value: dim.toString() },
            })),
          },
        },
      },
    },
  });
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('$typeName' in value) return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function littleEndianBytes(dtype: DType, data: ConstantData | readonly number[]): Uint8Array {
  const array = typedArray(dtype, data);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function typedArray(dtype: DType, data: ConstantData | readonly number[]): ArrayBufferView {
  switch (dtype) {
    case 'float32':
      return data instanceof Float32Array ? data : Float32Array.from(data);
    case 'float64':
      return data instanceof Float64Array ? data : Float64Array.from(data);
    case 'int64':
      return BigInt64Array.from(Array.from(data, BigInt));
    case 'bool':
      return Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
  }
}

/** Equal constants are found by content: 64 bits of FNV-1a beside length, type and shape; short ones by their bytes. */
function fingerprint(bytes: Uint8Array): string {
  if (bytes.length <= 64) return bytes.join();
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 15);
  }
  return `${bytes.length}:${a}:${b}`;
}
