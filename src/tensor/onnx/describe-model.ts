// What goes into an ONNX model and what comes out of it, read from its file without running it.
import { fromBinary } from '@bufbuild/protobuf';
import { TensorProto_DataType as DataType, ModelProtoSchema, type ValueInfoProto } from './onnx_pb.js';

/** An input or output of a model. */
export interface ModelValue {
  readonly name: string;
  /** The type as ONNX names it: `FLOAT`, `UINT8`. */
  readonly type: string;
  /** Lengths; undefined for those that are left open. Undefined where not even the number of axes is said. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** What goes in and what comes out. */
export interface ModelDescription {
  /** The inputs that have to be fed; those with a value in the file are left out. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Whether weights lie in other files beside this one. */
  readonly hasExternalData: boolean;
}

/** The inputs and outputs of an ONNX model. @throws Error for bytes that are none */
export function describeModel(bytes: Uint8Array): ModelDescription {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  if (graph === undefined) throw new Error('it holds no graph');
  const given = new Set(graph.initializer.map(({ name }) => name));
  return {
    inputs: graph.input.filter(({ name }) => !given.has(name)).map(described),
    outputs: graph.output.map(described),
    hasExternalData: graph.initializer.some(({ externalData }) => externalData.length > 0),
  };
}

function described({ name, type }: ValueInfoProto): ModelValue {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  return {
    name,
    type: tensor === undefined ? 'no tensor' : (DataType[tensor.elemType] ?? String(tensor.elemType)),
    shape: tensor?.shape?.dim.map(({ value }) =>
      value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined,
    ),
  };
}
