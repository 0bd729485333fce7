// Verisim's side of all calls.
import type { CallTaskName } from '../peers/tasks.js';
import type { CallMaker } from './call.js';
import { classicalCalls } from './classical.js';
import { metricCalls } from './metrics.js';

/** How each call is made, by its name. */
export const calls: Readonly<Record<CallTaskName, CallMaker>> = { ...classicalCalls, ...metricCalls };
