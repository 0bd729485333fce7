// What is said between a runtime and the host of its sessions, which lives in a worker.
import type { DeviceName, Values } from './runtime.js';

/** A request to the host; every one is answered once. */
export type HostRequest =
  | {
      readonly kind: 'open';
      readonly device: DeviceName;
      readonly threads: number;
      readonly spins: boolean;
      /** The smallest possible model: it tells whether the device works at all. */
      readonly probe: Uint8Array;
    }
  | {
      readonly kind: 'create';
      readonly program: number;
      readonly name: string;
      readonly model: Uint8Array;
      readonly step?: StepDescription;
      /** Where a profile of all runs goes: the beginning of its file's path. */
      readonly profile?: string;
    }
  | {
      readonly kind: 'run';
      readonly program: number;
      readonly feeds: Values;
      /** Whose values are taken where none are fed. */
      readonly held?: HeldRequest;
      /** The feeds that go back with the answer. */
      readonly lent: readonly string[];
    }
  | { readonly kind: 'keep'; readonly held: number; readonly values: Values }
  | { readonly kind: 'drop'; readonly held: number }
  | { readonly kind: 'write'; readonly program: number; readonly variables: Values }
  | { readonly kind: 'read'; readonly program: number; readonly names: readonly string[] }
  | { readonly kind: 'steps'; readonly program: number; readonly count: number; readonly feeds: Values }
  | { readonly kind: 'hold'; readonly program: number; readonly feeds: Values }
  | { readonly kind: 'endProfile'; readonly program: number }
  | { readonly kind: 'release'; readonly program: number }
  | { readonly kind: 'close' };

/** Which of the values that are kept under a number a run takes, in which shapes. */
export interface HeldRequest {
  readonly number: number;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** What the host has to know of a step program. */
export interface StepDescription {
  readonly variables: readonly VariableDescription[];
  readonly metrics: readonly string[];
  /** The input that takes the number of steps, where one run does many. */
  readonly countInput?: string;
  /** A model that maps every variable, under its name, to itself, under `next`: how variables come back from a device. */
  readonly reader: Uint8Array;
}

/** A variable's names before and after a step. */
export interface VariableDescription {
  readonly name: string;
  readonly next: string;
  /** Whether its numbers are of a type that graphics processors compute with. */
  readonly isFloat32: boolean;
}

/** The answer to a request. */
export interface HostAnswer {
  readonly values: Values;
  /** Feeds that were lent. */
  readonly lent?: Values;
  /** How long the host worked. */
  readonly milliseconds: number;
}

/** A request with its number, which the answer repeats. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: HostRequest;
}

/** The answer to the request of the same number, or why there is none. */
export type NumberedAnswer =
  | { readonly id: number; readonly answer: HostAnswer }
  | { readonly id: number; readonly error: string; readonly kind: ErrorKind };

/** Whose fault an error is: how the program was used, or the device. Classes do not survive the way between threads. */
export type ErrorKind = 'config' | 'device';
