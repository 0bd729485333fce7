// Variables as safetensors and back.
import { FileFormatError } from '../core/errors.js';
import { readSafetensors, type SafeTensorType, writeSafetensors } from '../data/formats/safetensors.js';
import type { Value, Values } from '../runtime/runtime.js';
import type { DType } from '../tensor/tensor.js';

const fileTypes: Readonly<Record<DType, SafeTensorType>> = {
  float32: 'F32',
  float64: 'F64',
  int64: 'I64',
  bool: 'BOOL',
  uint8: 'U8',
};

/** The bytes of a safetensors file with these values. */
export function valuesToSafetensors(
  values: Values,
  metadata: Readonly<Record<string, string>> = {},
  {
    halfPrecision = false,
  }: {
    /** Whether float32 values of two axes or more are rounded to 16 bits. */ readonly halfPrecision?: boolean;
  } = {},
): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(values).map(([name, { dtype, shape, data }]) => {
    const isHalf = halfPrecision && dtype === 'float32' && shape.length > 1;
    return [name, { dtype: isHalf ? 'F16' : fileTypes[dtype], shape, data }] as const;
  });
  return writeSafetensors(Object.fromEntries(tensors), metadata);
}

/** The values of a safetensors file. @throws FileFormatError for a damaged file, or types that programs do not take */
export function valuesFromSafetensors(
  bytes: Uint8Array,
  path: string,
): { values: Values; metadata: Readonly<Record<string, string>> } {
  const { tensors, metadata } = readSafetensors(bytes, path);
  const values: Record<string, Value> = {};
  for (const [name, { dtype, shape, data }] of tensors) {
    // Half precision is for files alone.
    const type =
      dtype === 'F16' ? 'float32' : Object.entries(fileTypes).find(([, fileType]) => fileType === dtype)?.[0];
    if (
      !isDType(type) ||
      !(
        data instanceof Float32Array ||
        data instanceof Float64Array ||
        data instanceof BigInt64Array ||
        data instanceof Uint8Array
      )
    )
      throw new FileFormatError(path, `holds "${name}" of type ${dtype}, which no program takes.`);
    // A copy, so that no value keeps the whole file in memory, and each may be handed to a worker.
    values[name] = { dtype: type, shape, data: data.slice() };
  }
  return { values, metadata };
}

function isDType(name: string | undefined): name is DType {
  return name !== undefined && Object.hasOwn(fileTypes, name);
}
