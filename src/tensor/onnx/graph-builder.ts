// Collects ONNX nodes and constants for one graph, with readable unique names, and turns them into ONNX's own messages.
import { create } from '@bufbuild/protobuf';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dim, divideDims, type Shape } from '../shape.js';
import type { ConstantData, DType } from '../tensor.js';
import {
  type Attributes,
  attributeMessage,
  constantBytes,
  onnxType,
  type ValueDescription,
  valueMessage,
} from './messages.js';
import {
  keepBlocks,
  mergeBiases,
  neededNodes,
  orderOnAllCores,
  type RowOperation,
  rectifyInConvolutions,
  renameValues,
  repeatRows,
} from './nodes.js';
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb.js';

/** What runs a graph: central processors want what fits into their caches, graphics processors few large operators. */
export type Processor = 'cpu' | 'gpu';

/** What a graph is made for. */
export interface GraphTarget {
  /** Default `cpu`, whose programs run on graphics processors too, only slower. */
  readonly processor?: Processor;
  /**
   * How many channels the device's convolution of channels in blocks takes together, as {@link Runtime.channelBlock} tells; such programs run
   * on that device alone. Default: it is not used, and programs run everywhere.
   */
  readonly channelBlock?: number | undefined;
}

/** Images in blocks that are scaled, shifted and added to, channel by channel: the names of what makes them. */
export interface BlockedPass {
  readonly image: string;
  /** [C] */
  readonly scale: string;
  /** [C] */
  readonly bias?: string;
  readonly addend?: string;
}

/** Builds one graph. A body of a Loop shares the constants and names of its parent. */
export class GraphBuilder {
  /** What the graph is made for. */
  readonly processor: Processor;
  /** Channels of a block, where the device convolves them in blocks. */
  readonly channelBlock: number | undefined;
  /** The place in the model that new nodes are named after. */
  scope = '';
  readonly inputs: ValueDescription[] = [];
  /** What scaled, shifted and added-to images in blocks were made of, so that what follows can be done in the same pass. */
  readonly passes = new Map<string, BlockedPass>();
  readonly #nodes: NodeProto[] = [];
  readonly #parent: GraphBuilder | undefined;
  readonly #names: Map<string, number>;
  readonly #constants = new Map<string, { readonly name: string; readonly bytes: Uint8Array }[]>();
  readonly #initializers: TensorProto[] = [];
  readonly #dimensions = new Map<string, string>();
  readonly #results = new Map<string, string[]>();
  readonly #reshapes = new Map<string, { readonly source: string; readonly target: string }>();
  readonly #scalars: Set<string>;
  /** Values whose shape is known, by the lengths that Reshape would take. */
  readonly #targets = new Map<string, string>();
  /** The numbers of constants that are short lists of them, as shapes are. */
  readonly #lists: Map<string, string>;
  readonly #biased = new Set<string>();
  readonly #pixels = new Map<string, readonly number[]>();
  readonly #takesRow = new Map<string, { readonly width: Dim; readonly withRow: (row: string) => string }>();
  readonly #rowOperations = new Map<string, RowOperation>();

  constructor(parent?: GraphBuilder, { processor = 'cpu', channelBlock }: GraphTarget = {}) {
    this.#parent = parent;
    this.processor = parent?.processor ?? processor;
    this.channelBlock = parent === undefined ? channelBlock : parent.channelBlock;
    this.#names = parent === undefined ? new Map() : parent.#names;
    this.#scalars = parent === undefined ? new Set() : parent.#scalars;
    this.#lists = parent === undefined ? new Map() : parent.#lists;
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
    if (operator === 'Reshape' && this.#isOfShape(first, others[0])) return first;
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

  /** A value whose shape is known: a Reshape to this very shape is none. */
  ofShape(value: string, shape: Shape): string {
    const lengths = reshapeLengths(shape);
    if (lengths !== undefined) this.#targets.set(value, lengths.join());
    return value;
  }

  /** The lengths of a value, where they are known. */
  #lengthsOf(value: string): string | undefined {
    const target = this.#reshapes.get(value)?.target;
    return this.#pixels.get(value)?.join() ?? this.#targets.get(value) ?? this.#lists.get(target ?? '');
  }

  #isOfShape(value: string, target: string | undefined): boolean {
    const lengths = this.#targets.get(value);
    return lengths !== undefined && lengths === this.#lists.get(target ?? '');
  }

  /** A matrix product of a known shape, [rows, columns]. */
  product(inputs: readonly [string, string], shape: Shape, attributes: Attributes = {}): string {
    return this.ofShape(this.node('Gemm', inputs, attributes), shape);
  }

  /** Products of the same columns below one another, [rows, columns] together. A row that is added to all is added to each. */
  stackedProducts(products: readonly string[], shape: Shape): string {
    const result = this.ofShape(this.node('Concat', products, { axis: 0 }), shape);
    const [, width = 1] = shape;
    return this.takesRow(result, width, (row) =>
      this.stackedProducts(
        products.map((product) => this.addRow(product, row, width)),
        shape,
      ),
    );
  }

  /** Images that a convolution gives, channels last: a row that is added to all of their pixels can be its bias. */
  pixels(value: string, shape: Shape): string {
    const lengths = reshapeLengths(shape);
    if (lengths !== undefined) this.#pixels.set(value, lengths);
    return value;
  }

  /** Rows of a width that can be made with a row added to each: `withRow` makes them, instead of those without. */
  takesRow(value: string, width: Dim, withRow: (row: string) => string): string {
    this.#takesRow.set(value, { width, withRow });
    return value;
  }

  /** The sum of a matrix and a row of its width; where the matrix is a product or convolution for nothing else, that adds the row. */
  addRow(matrix: string, row: string, width: Dim): string {
    const reshape = this.#reshapes.get(matrix);
    if (reshape !== undefined && this.#pixels.get(reshape.source)?.at(-1) === width) {
      const sum = this.node('Add', [reshape.source, row]);
      this.#biased.add(sum);
      return this.node('Reshape', [sum, reshape.target]);
    }
    const maker = this.#takesRow.get(reshape?.source ?? matrix);
    if (maker !== undefined && maker.width === width) {
      const sum = maker.withRow(row);
      return reshape === undefined ? sum : this.node('Reshape', [sum, reshape.target]);
    }
    const sum = this.node('Add', [matrix, row]);
    const target = this.#targets.get(matrix);
    if (target !== undefined) this.#targets.set(sum, target);
    this.#biased.add(sum);
    return sum;
  }

  /**
   * An element-wise operator of a matrix and a row of its width, either of which may come first. Where the row is short it is repeated in the
   * finished graph, which says the same of a wider matrix: ONNX Runtime goes through it row by row.
   */
  rowOperation(operator: string, operands: readonly string[], shapes: readonly Shape[]): string {
    const row = shapes.findIndex((shape) => shape.length === 1);
    const [count = 1, width = 1] = shapes[1 - row] ?? [];
    const result =
      operator === 'Add'
        ? this.addRow(operands[1 - row] ?? '', operands[row] ?? '', width)
        : this.node(operator, operands);
    if (typeof count === 'number' && typeof width === 'number')
      this.#rowOperations.set(result, { row: operands[row] ?? '', count, width });
    return result;
  }

  /** Whether a value is another one in another shape. */
  isReshaped(value: string): boolean {
    return this.#reshapes.has(value);
  }

  /** A reshape that stays where it is. */
  fixedReshape(value: string, shape: Shape): string {
    const target = this.reshapeTarget(shape);
    return this.#isOfShape(value, target) ? value : (this.nodeWithResults('Reshape', [value, target], 1)[0] ?? '');
  }

  /**
   * Adds a node and returns the names of its results. All operators used are deterministic, so an equal node that is
   * already there is used again: lowerings need not know what others have emitted. An operator of another set than ONNX's own is
   * written with its domain, `com.microsoft.nchwc:Conv`.
   */
  nodeWithResults(operator: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    const key = Object.values(attributes).some((value) => typeof value === 'object' && '$typeName' in value)
      ? undefined
      : JSON.stringify([operator, inputs, count, attributes]);
    const known = key === undefined ? undefined : this.#results.get(key);
    if (known !== undefined) return known;
    const colon = operator.indexOf(':');
    const [domain, opType] = [operator.slice(0, Math.max(0, colon)), operator.slice(colon + 1)];
    const name = this.uniqueName(this.scope === '' ? opType : `${this.scope}/${opType}`);
    const results = Array.from({ length: count }, (_, index) => (count === 1 ? name : `${name}.${index}`));
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        domain,
        opType,
        input: [...inputs],
        output: results,
        attribute: Object.entries(attributes).map(([key, value]) => attributeMessage(key, value)),
      }),
    );
    if (key !== undefined) this.#results.set(key, results);
    return results;
  }

  /** A constant, stored once however often it is asked for. */
  constant(dtype: DType, shape: readonly number[], data: ConstantData | readonly number[]): string {
    if (this.#parent !== undefined) return this.#parent.constant(dtype, shape, data);
    const rawData = constantBytes(dtype, data);
    const key = `${dtype}[${shape}]${fingerprint(rawData)}`;
    const known = this.#constants.get(key)?.find(({ bytes }) => sameBytes(bytes, rawData));
    if (known !== undefined) return known.name;
    const name = this.uniqueName(data.length === 1 ? `constant/${data[0]}` : `constant/${dtype}[${shape}]`);
    this.#initializers.push(
      create(TensorProtoSchema, { name, dataType: onnxType[dtype], dims: shape.map(BigInt), rawData }),
    );
    this.#constants.set(key, [...(this.#constants.get(key) ?? []), { name, bytes: rawData }]);
    if (shape.length === 0) this.#scalars.add(name);
    return name;
  }

  scalar(dtype: DType, value: number): string {
    return this.constant(dtype, [], [value]);
  }

  int64s(values: readonly number[]): string {
    const name = this.constant('int64', [values.length], values);
    if (values.length <= longestShape) this.#lists.set(name, values.join());
    return name;
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
    const lengths = reshapeLengths(shape);
    return lengths === undefined ? this.shape(shape) : this.int64s(lengths);
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

  #orderBlocks(nodes: readonly NodeProto[], results: readonly string[], block: number): NodeProto[] {
    const kept = keepBlocks(nodes, results, (value) => this.#lengthsOf(value));
    return orderOnAllCores(rectifyInConvolutions(kept, results), (value) => this.#pixels.get(value), block, this);
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
    const results = outputs.map((output) => output.name);
    const biased = new Set([...this.#biased].map((value) => renamed.get(value) ?? value));
    const rowOperations = new Map(
      Array.from(this.#rowOperations, ([value, operation]) => [renamed.get(value) ?? value, operation]),
    );
    const merged = mergeBiases(neededNodes(this.#nodes, results), biased, new Set(results));
    const nodes = this.channelBlock === undefined ? merged : this.#orderBlocks(merged, results, this.channelBlock);
    return create(GraphProtoSchema, {
      name,
      node: this.processor === 'cpu' ? repeatRows(nodes, rowOperations, this) : nodes,
      initializer: this.#initializers,
      input: this.inputs.map(valueMessage),
      output: outputs.map(valueMessage),
    });
  }
}

/** More axes no value has. */
const longestShape = 16;

/** Operators that act on each value of their first input by itself. */
const elementwiseInFirst: ReadonlySet<string> = new Set(
  'Abs Add Cast Clip Div Elu Erf Exp Gelu HardSigmoid LeakyRelu Log Max Min Mul Neg Pow Reciprocal Relu Sigmoid Softplus Sqrt Sub Tanh'.split(
    ' ',
  ),
);

/** What Reshape takes for a shape: -1 for the length that it infers; undefined where it would have to infer several. */
function reshapeLengths(shape: Shape): number[] | undefined {
  const lengths = shape.map((dim) => (typeof dim === 'number' ? dim : -1));
  return lengths.filter((length) => length === -1).length > 1 ? undefined : lengths;
}

/** Equal constants are found by FNV-1a of their bytes, four at a time where they lie so, and then compared. */
function fingerprint(bytes: Uint8Array): number {
  const isWhole = bytes.byteOffset % 4 === 0 && bytes.byteLength % 4 === 0;
  const words = isWhole ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) : bytes;
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ (words[i] ?? 0), 0x01000193);
  return hash;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
