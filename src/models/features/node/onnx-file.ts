// The file of a feature model: read, and looked at for what goes in and what comes out.
import { readFile } from 'node:fs/promises';
import { ConfigError, DatasetError, FileFormatError } from '../../../core/errors.js';
import { lookUp } from '../../../core/nearest.js';
import { describeModel, type ModelDescription, type ModelValue } from '../../../tensor/onnx/describe-model.js';

/** A feature model as it lies in a file. */
export interface OnnxFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Its one input, of float32 numbers. */
  readonly input: ModelValue;
  /** The name of the output that holds the features. */
  readonly output: string;
}

/**
 * Reads a feature model.
 *
 * @param output the output that holds the features; may be left out where there is one
 * @throws DatasetError for a file that cannot be read, FileFormatError for one that is no feature model
 * @throws ConfigError where an output has to be chosen, UnknownNameError for one that is none
 */
export async function readOnnxFile(file: string, output: string | undefined): Promise<OnnxFile> {
  const bytes = await readModel(file);
  const description = describedModel(file, bytes);
  return { file, bytes, input: onlyInput(file, description), output: chosenOutput(file, description, output) };
}

async function readModel(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new DatasetError(
      `The feature model ${file} cannot be read (${error instanceof Error ? error.message : error}). Give the path of an ONNX file.`,
    );
  }
}

function describedModel(file: string, bytes: Uint8Array): ModelDescription {
  let description: ModelDescription;
  try {
    description = describeModel(bytes);
  } catch (error) {
    throw new FileFormatError(file, `is no ONNX model (${error instanceof Error ? error.message : error}).`);
  }
  if (description.hasExternalData)
    throw new FileFormatError(file, 'keeps its weights in other files beside it. Save it as one file.');
  return description;
}

function onlyInput(file: string, { inputs }: ModelDescription): ModelValue {
  const [first, ...others] = inputs;
  if (first === undefined || others.length > 0)
    throw new FileFormatError(
      file,
      `has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}); a feature model has one, which takes images.`,
    );
  if (first.type !== 'FLOAT')
    throw new FileFormatError(
      file,
      `takes ${first.type} numbers; a feature model takes float32. Export it with a float input.`,
    );
  return first;
}

function chosenOutput(file: string, { outputs }: ModelDescription, wanted: string | undefined): string {
  const names = outputs.map(({ name }) => name);
  if (wanted !== undefined) return lookUp('output', Object.fromEntries(names.map((name) => [name, name])), wanted);
  const [first, ...others] = names;
  if (first === undefined || others.length > 0)
    throw new ConfigError(
      `${file} has ${names.length} outputs: ${names.join(', ')}. Say which one holds the features.`,
    );
  return first;
}
