// What people see of an error: one message, and an exit code that says whose mistake it was.
import { ConfigError, VerisimError } from '../core/errors.js';
import { exitCodes } from './exit-codes.js';

/** Writes an error to standard error. @returns the exit code it means */
export function reportError(error: unknown): number {
  if (error instanceof VerisimError) {
    process.stderr.write(`verisim: ${error.message}\n`);
    return error instanceof ConfigError ? exitCodes.usage : exitCodes.failure;
  }
  const isSystemError = error instanceof Error && 'syscall' in error;
  const message = error instanceof Error ? error.message : String(error);
  if (isSystemError) process.stderr.write(`verisim: ${message}\n`);
  else if (process.env.VERISIM_DEBUG)
    process.stderr.write(`verisim: ${error instanceof Error ? error.stack : message}\n`);
  else
    process.stderr.write(
      `verisim: something unexpected happened: ${message}. This is a mistake in Verisim; set VERISIM_DEBUG=1 to see where.\n`,
    );
  return exitCodes.failure;
}
