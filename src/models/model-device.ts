// The device of a model: opened when first needed, with the programs compiled on it.

import { openRuntime } from '#runtime';
import { present } from '../core/present.js';
import type { CompiledProgram, Runtime, RuntimeOptions } from '../runtime/runtime.js';
import { lowerProgram, type Program } from '../tensor/program.js';

/** One device and its programs. */
export class ModelDevice {
  /** What was asked for last, for when the device is opened again. */
  #options: RuntimeOptions = {};
  #runtime: Promise<Runtime> | undefined;
  readonly #programs = new Map<string, Promise<CompiledProgram>>();

  /** The open device; asking for another one or other threads closes the first. @throws DeviceError where there is none such */
  async open(wanted: RuntimeOptions = {}): Promise<Runtime> {
    const current = await this.#runtime;
    if (current !== undefined) {
      const { device = current.device, threads = current.threads } = wanted;
      if (device === current.device && threads === current.threads) return current;
      await this.close();
    }
    this.#options = { ...this.#options, ...present(wanted) };
    const opening = this.#runtime ?? openRuntime(this.#options);
    this.#runtime = opening;
    try {
      return await opening;
    } catch (error) {
      // The next call may ask for a device that exists.
      if (this.#runtime === opening) this.#runtime = undefined;
      this.#options = {};
      throw error;
    }
  }

  /** A program, compiled when first asked for under this name. */
  async program(name: string, define: () => Program): Promise<CompiledProgram> {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const compiling = this.open().then((runtime) => runtime.compile(lowerProgram(define())));
    this.#programs.set(name, compiling);
    try {
      return await compiling;
    } catch (error) {
      if (this.#programs.get(name) === compiling) this.#programs.delete(name);
      throw error;
    }
  }

  /** Frees the compiled programs, because what they compute has changed. */
  async forget(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const program of programs) await (await program.catch(() => undefined))?.dispose();
  }

  /** Closes the device. It opens again when needed. */
  async close(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    this.#programs.clear();
    await (await runtime?.catch(() => undefined))?.dispose();
  }
}
