// Rewrites a model for WebGPU: operators that ONNX Runtime computes there only by a detour over the CPU, which costs a copy to
// main memory and back each time, become operators that it computes on the graphics processor.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProtoSchema,
} from '../tensor/onnx/onnx_pb.js';

/** The same model without operators that WebGPU lacks, as far as there are others for them. */
export function forWebgpu(model: Uint8Array): Uint8Array {
  const parsed = fromBinary(ModelProtoSchema, model);
  if (parsed.graph === undefined) return model;
  const table = isFloat32(parsed) ? { ...replacements, Sign: signs } : replacements;
  rewrite(parsed.graph, table);
  if (table.Sign !== undefined)
    parsed.graph.initializer.push(
      create(TensorProtoSchema, { name: zero, dataType: DataType.FLOAT, rawData: new Uint8Array(4) }),
    );
  return toBinary(ModelProtoSchema, parsed);
}

type Replacement = (node: NodeProto) => NodeProto[];

const zero = 'webgpu/zero';

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
};

/** sign x = [x > 0] - [x < 0] */
function signs(node: NodeProto): NodeProto[] {
  const [x = ''] = node.input;
  const isAbove = part(node, 'Greater', 'above', [x, zero]);
  const isBelow = part(node, 'Less', 'below', [x, zero]);
  const above = toFloat(part(node, 'Cast', 'plus', isAbove.output));
  const below = toFloat(part(node, 'Cast', 'minus', isBelow.output));
  const inputs = [...above.output, ...below.output];
  return [isAbove, isBelow, above, below, part(node, 'Sub', '', inputs)];
}

/** A node that computes a part of another one; without a label it gives the whole result. */
function part(node: NodeProto, opType: string, label: string, input: readonly string[]): NodeProto {
  const result = node.output[0] ?? '';
  const name = label === '' ? node.name : `${node.name}/${label}`;
  return create(NodeProtoSchema, {
    name,
    opType,
    input: [...input],
    output: [label === '' ? result : `${result}/${label}`],
  });
}

function toFloat(cast: NodeProto): NodeProto {
  cast.attribute.push(create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: BigInt(DataType.FLOAT) }));
  return cast;
}

/** All nodes of a graph and of the bodies in it. */
function rewrite(graph: GraphProto, table: Readonly<Record<string, Replacement | undefined>>): void {
  graph.node = graph.node.flatMap((node) => {
    for (const { g } of node.attribute) if (g !== undefined) rewrite(g, table);
    return table[node.opType]?.(node) ?? [node];
  });
}

/** Whether a sign can only be that of float32 numbers: types inside a graph are not written down. */
function isFloat32({ graph }: ModelProto): boolean {
  const types =
    graph?.input.map(({ type }) => (type?.value.case === 'tensorType' ? type.value.value.elemType : 0)) ?? [];
  return ![...types, ...(graph?.initializer.map(({ dataType }) => dataType) ?? [])].includes(DataType.DOUBLE);
}
