// Time that a training computes counts against its budget; time that it waits does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startBudget } from './budget.js';

/** Computes for so many seconds of processor time. */
function compute(seconds: number): void {
  const start = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  while (used() < seconds);
}

test('computing uses a budget up: two cores for so long, on however many', async () => {
  const tenth = 0.1;
  const budget = startBudget(tenth / 60);
  try {
    compute(2 * tenth);
    // The next look comes within a second, and a busy machine may be late.
    for (let i = 0; i < 100 && !budget.signal.aborted; i++) await setTimeout(100);
    assert.ok(budget.signal.aborted);
    const { processorMinutes, cores } = budget.taken();
    assert.ok(processorMinutes * cores * 60 >= 2 * tenth);
  } finally {
    budget.end();
  }
});

test('waiting passes minutes by the clock, and hardly any of computing', async () => {
  const budget = startBudget();
  await setTimeout(300);
  const { minutes, processorMinutes, cores } = budget.taken();
  budget.end();
  assert.ok(minutes * 60 >= 0.29);
  assert.ok(processorMinutes * cores < minutes);
  assert.ok(!budget.signal.aborted);
});
