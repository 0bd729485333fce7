// The failure of a peer: something outside Verisim that is missing, dead, too slow or unable to do a task.
import { VerisimError } from '../../src/core/errors.js';

/** A peer that could not do what was asked. Carries the peer's name and, without it, the problem. */
export class PeerError extends VerisimError {
  override name = 'PeerError';
  readonly peer: string;
  readonly problem: string;

  constructor(peer: string, problem: string) {
    super(`${peer}: ${problem}`);
    this.peer = peer;
    this.problem = problem;
  }
}
