// No conditioning: rows are just rows.
import type { Conditioning } from './conditioning.js';

/** Neither player is told anything. */
export function unconditional(): Conditioning {
  return { source: 'none', size: 0, head: (dense) => ({ logit: dense(1) }) };
}
