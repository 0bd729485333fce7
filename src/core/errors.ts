// The errors of Verisim: one class per kind of failure, so that callers can tell them apart without reading messages.
// A message says what was received, what was expected and what to do.

/** The base of every error that Verisim throws on purpose. */
export class VerisimError extends Error {
  override name = 'VerisimError';
}

/** Shapes that do not fit together, or a shape that an operation cannot take. */
export class ShapeError extends VerisimError {
  override name = 'ShapeError';
}

/** An option, argument or configuration value that is not allowed. */
export class ConfigError extends VerisimError {
  override name = 'ConfigError';
}

/** A name that is not in its table: a model, data set, option, layer. Carries the names that are known. */
export class UnknownNameError extends ConfigError {
  override name = 'UnknownNameError';
  readonly received: string;
  readonly known: readonly string[];

  constructor(message: string, received: string, known: readonly string[]) {
    super(message);
    this.received = received;
    this.known = known;
  }
}

/** Something that needs a fitted model was asked of one that is not. */
export class NotFittedError extends VerisimError {
  override name = 'NotFittedError';
}

/** Data that cannot be found, fetched or used. */
export class DatasetError extends VerisimError {
  override name = 'DatasetError';
}

/** A file that is not what its name or place says: truncated, corrupt, of another format. Carries the path. */
export class FileFormatError extends VerisimError {
  override name = 'FileFormatError';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}

/** A run folder that is missing, foreign, damaged or in use. */
export class RunFolderError extends VerisimError {
  override name = 'RunFolderError';
}

/** A device that is not available here. */
export class DeviceError extends VerisimError {
  override name = 'DeviceError';
}

/** Training produced a value that is not finite. Carries the step and the quantity that broke. */
export class DivergedError extends VerisimError {
  override name = 'DivergedError';
  readonly step: number;
  readonly quantity: string;

  constructor(message: string, step: number, quantity: string) {
    super(message);
    this.step = step;
    this.quantity = quantity;
  }
}
