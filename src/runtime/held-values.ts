// Values that a worker keeps for its programs: here is only what they are, and the number they are kept under.
import { ConfigError, ShapeError } from '../core/errors.js';
import type { HeldRequest } from './protocol.js';
import type { HeldValues, ValueShapes } from './runtime.js';
import type { WorkerChannel } from './worker-channel.js';

/** Values at the other end of a channel. */
export class WorkerHeldValues implements HeldValues {
  readonly channel: WorkerChannel;
  readonly number: number;
  readonly descriptions: ValueShapes;

  constructor(channel: WorkerChannel, number: number, descriptions: ValueShapes) {
    this.channel = channel;
    this.number = number;
    this.descriptions = descriptions;
  }

  reshaped(shapes: Readonly<Record<string, readonly number[]>>): HeldValues {
    const descriptions = Object.fromEntries(
      Object.entries(this.descriptions).map(([name, { dtype, shape: before }]) => {
        const shape = shapes[name] ?? before;
        if (size(shape) !== size(before))
          throw new ShapeError(
            `"${name}" is held as [${before.join(', ')}]; [${shape.join(', ')}] has another number of elements.`,
          );
        return [name, { dtype, shape }];
      }),
    );
    return new WorkerHeldValues(this.channel, this.number, descriptions);
  }

  async dispose(): Promise<void> {
    // With the worker gone there is nothing left to free.
    if (this.channel.failure === undefined) await this.channel.ask({ kind: 'drop', held: this.number });
  }
}

/** What of `held` a run takes at the other end of `channel`. @throws ConfigError for what another device holds */
export function heldRequest(held: HeldValues, channel: WorkerChannel, names: readonly string[]): HeldRequest {
  if (!(held instanceof WorkerHeldValues) || held.channel !== channel)
    throw new ConfigError(
      'These values are held by another device; hold them at the one that the program is compiled for.',
    );
  const shapes = names.flatMap((name) => {
    const description = held.descriptions[name];
    return description === undefined ? [] : [[name, description.shape] as const];
  });
  return { number: held.number, shapes: Object.fromEntries(shapes) };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
