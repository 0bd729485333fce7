// Rewrites a model for WebGPU: operators that ONNX Runtime computes there only by a detour over the CPU, which costs a copy to
// main memory and back each time, become operators that it computes on the graphics processor; one that it gets wrong is put
// in a form that it gets right.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from '../tensor/onnx/onnx_pb.js';

/** The same model without operators that WebGPU lacks, as far as there are others for them. */
export function forWebgpu(model: Uint8Array): Uint8Array {
  const parsed = fromBinary(ModelProtoSchema, model);
  const { graph } = parsed;
  if (graph === undefined) return model;
  const constants = new Map<string, TensorProto>();
  const constant: ConstantMaker = (label, dataType, dims, bytes) => {
    const name = `webgpu/${label}`;
    constants.set(name, create(TensorProtoSchema, { name, dataType, dims, rawData: bytes }));
    return name;
  };
  const { Sign, ...always } = replacements;
  rewrite(graph, isFloat32(parsed) ? { ...always, Sign } : always, constant);
  graph.initializer.push(...constants.values());
  return toBinary(ModelProtoSchema, parsed);
}

/** Adds a constant to the model, once for each label, and returns its name. */
type ConstantMaker = (label: string, type: DataType, dims: bigint[], bytes: Uint8Array) => string;

type Replacement = (node: NodeProto, constant: ConstantMaker) => NodeProto[];

const replacements: Readonly<Record<string, Replacement | undefined>> = {
  /** a + b + c = (a + b) + c */
  Sum: (node) => {
    const [first = '', ...rest] = node.input;
    if (rest.length === 0) return [node];
    let sum = first;
    return rest.map((next, index) => {
      const isLast = index === rest.length - 1;
      const added = part(node, 'Add', isLast ? '' : `add${index}`, [sum, next]);
      sum = added.output[0] ?? '';
      return added;
    });
  },
  /** a or b = not (not a and not b) */
  Or: (node) => {
    const negated = node.input.map((input, index) => part(node, 'Not', `not${index}`, [input]));
    const both = part(
      node,
      'And',
      'and',
      negated.map(({ output }) => output[0] ?? ''),
    );
    return [...negated, both, part(node, 'Not', '', both.output)];
  },
  /** sign x = [x > 0] - [x < 0] */
  Sign: (node, constant) => {
    const [x = ''] = node.input;
    const zero = constant('zero', DataType.FLOAT, [], new Uint8Array(4));
    const isAbove = part(node, 'Greater', 'above', [x, zero]);
    const isBelow = part(node, 'Less', 'below', [x, zero]);
    const above = part(node, 'Cast', 'plus', isAbove.output, [int('to', DataType.FLOAT)]);
    const below = part(node, 'Cast', 'minus', isBelow.output, [int('to', DataType.FLOAT)]);
    return [isAbove, isBelow, above, below, part(node, 'Sub', '', [...above.output, ...below.output])];
  },
  /** Bilinear resizing of [N, H, W, C] gives wrong numbers there, that of [N, C, H, W] does not (ONNX Runtime 1.30). */
  Resize: (node, constant) => {
    const [x = '', region = '', scales = '', sizes = ''] = node.input;
    const mode = node.attribute.find(({ name }) => name === 'mode')?.s;
    if (new TextDecoder().decode(mode) !== 'linear' || sizes === '') return [node];
    const order = constant('order', DataType.INT64, [4n], new Uint8Array(BigInt64Array.of(0n, 3n, 1n, 2n).buffer));
    const channelsFirst = part(node, 'Transpose', 'in', [x], [ints('perm', [0, 3, 1, 2])]);
    const newSizes = part(node, 'Gather', 'sizes', [sizes, order], [int('axis', 0)]);
    const inputs = [...channelsFirst.output, region, scales, ...newSizes.output];
    const resized = part(node, 'Resize', 'resized', inputs, node.attribute);
    return [
      channelsFirst,
      newSizes,
      resized,
      part(node, 'Transpose', '', resized.output, [ints('perm', [0, 2, 3, 1])]),
    ];
  },
  /** log softmax x = y - log sum exp y with y = x - max x */
  LogSoftmax: (node, constant) => {
    const [x = ''] = node.input;
    const axis = node.attribute.find(({ name }) => name === 'axis')?.i ?? -1n;
    const axes = constant(`axis${axis}`, DataType.INT64, [1n], new Uint8Array(BigInt64Array.of(axis).buffer));
    const largest = part(node, 'ReduceMax', 'max', [x, axes]);
    const shifted = part(node, 'Sub', 'shifted', [x, ...largest.output]);
    const powers = part(node, 'Exp', 'exp', shifted.output);
    const total = part(node, 'ReduceSum', 'sum', [...powers.output, axes]);
    const logarithm = part(node, 'Log', 'log', total.output);
    const result = part(node, 'Sub', '', [...shifted.output, ...logarithm.output]);
    return [largest, shifted, powers, total, logarithm, result];
  },
};

/** A node that computes a part of another one; without a label it gives the whole result. */
function part(
  node: NodeProto,
  opType: string,
  label: string,
  input: readonly string[],
  attributes: readonly AttributeProto[] = [],
): NodeProto {
  const suffix = label === '' ? '' : `/${label}`;
  return create(NodeProtoSchema, {
    name: `${node.name}${suffix}`,
    opType,
    input: [...input],
    output: [`${node.output[0] ?? ''}${suffix}`],
    attribute: [...attributes],
  });
}

function int(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
}

function ints(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: values.map(BigInt) });
}

/** All nodes of a graph and of the bodies in it. */
function rewrite(
  graph: GraphProto,
  table: Readonly<Record<string, Replacement | undefined>>,
  constant: ConstantMaker,
): void {
  graph.node = graph.node.flatMap((node) => {
    for (const { g } of node.attribute) if (g !== undefined) rewrite(g, table, constant);
    return table[node.opType]?.(node, constant) ?? [node];
  });
}

/** Whether a sign can only be that of float32 numbers: types inside a graph are not written down. */
function isFloat32({ graph }: ModelProto): boolean {
  const types =
    graph?.input.map(({ type }) => (type?.value.case === 'tensorType' ? type.value.value.elemType : 0)) ?? [];
  return ![...types, ...(graph?.initializer.map(({ dataType }) => dataType) ?? [])].includes(DataType.DOUBLE);
}
