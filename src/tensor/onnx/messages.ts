// Names, types, attributes and numbers as ONNX's own messages.
import { create } from '@bufbuild/protobuf';
import type { Shape } from '../shape.js';
import type { ConstantData, DType } from '../tensor.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.js';

/** ONNX's number for each of our types. */
export const onnxType: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  uint8: DataType.UINT8,
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

/** An input or output as ONNX's message. */
export function valueMessage({ name, dtype, shape }: ValueDescription): ValueInfoProto {
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

/** An attribute as ONNX's message. */
export function attributeMessage(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('$typeName' in value) return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

/** An attribute that is a list of numbers which need not be whole. */
export function floatsMessage(name: string, floats: number[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats });
}

/** The numbers of a constant as ONNX stores them, little-endian. */
export function constantBytes(dtype: DType, data: ConstantData | readonly number[]): Uint8Array {
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
      return wholeNumbers(data);
    case 'bool':
      return Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
    case 'uint8':
      return data instanceof Uint8Array ? data : Uint8Array.from(data);
  }
}

/** Whole numbers of 64 bits as pairs of 32, the lower first: several times as fast as by way of BigInt. */
function wholeNumbers(values: ConstantData | readonly number[]): Int32Array {
  const words = new Int32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    words[2 * i] = value % 2 ** 32;
    words[2 * i + 1] = Math.floor(value / 2 ** 32);
  }
  return words;
}
