import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../training/observer.js';
import { progressDisplay } from './progress.js';
import { formatDuration, formatMetric, progressLine } from './progress-line.js';

const progress: Progress = {
  step: 250,
  steps: 1000,
  epoch: 1.25,
  epochs: 5,
  stepsPerSecond: 12.34,
  secondsLeft: 61,
  metrics: { discriminatorLoss: 1.23456, generatorLoss: 0.7, 'D(x)': 0.6, 'D(G(z))': 0.4 },
};

test('a line says how far, how fast, how long still, and how well', () => {
  assert.equal(
    progressLine(progress),
    '██████░░░░░░░░░░░░░░░░░░ 25 %  epoch 2/5  step 250/1000  12.3 steps/s  1 min 01 s left  D loss 1.235  G loss 0.700  D(x) 0.600  D(G(z)) 0.400',
  );
});

test('the last line says done; a part of an epoch is told as such', () => {
  assert.match(
    progressLine({ ...progress, step: 1000, epoch: 5 }),
    /^█{24} 100 % {2}epoch 5\/5 {2}step 1000\/1000 .* done /,
  );
  assert.match(progressLine({ ...progress, epochs: 0.32, epoch: 0.084 }), / epoch 0\.08 /);
  // A bar is not full before the end.
  assert.match(progressLine({ ...progress, step: 999 }), /█{23}░ 99 %/);
});

test('a narrow terminal gets a shorter line, never a wrapped one', () => {
  for (let columns = 1; columns < 160; columns++) {
    const line = progressLine(progress, columns);
    assert.ok(line.length <= columns, `${columns}: ${line}`);
    assert.ok(columns < 4 || line.includes('25 %'), `${columns}: ${line}`);
  }
  assert.match(progressLine(progress, 79), /D loss 1\.235 {2}G loss/);
  assert.equal(progressLine(progress, 40), '███░░░░░░░░░ 25 %  1 min 01 s left');
});

test('durations and metrics are told as people would', () => {
  assert.deepEqual([0, 0.4, 59, 60, 125, 3599, 3600, 7260, -3].map(formatDuration), [
    ...['0 s', '0 s', '59 s', '1 min 00 s', '2 min 05 s', '59 min 59 s', '1 h 00 min', '2 h 01 min', '0 s'],
  ]);
  assert.deepEqual([0, 0.12345, -2, 2513.47, -812345.6, 1e28, 0.00012345].map(formatMetric), [
    '0',
    '0.123',
    '-2',
    '2513.5',
    '-812345.6',
    '1.000e+28',
    '1.234e-4',
  ]);
});

/** A stream that keeps what was written. */
function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
}

test('on a terminal one line is rewritten in single writes and ended by what follows', () => {
  const terminal = stream(true);
  const display = progressDisplay(terminal);
  display.wait('Compiling ...');
  display.show(progress);
  display.show({ ...progress, step: 500 });
  display.note('Stopping.');
  display.end();
  assert.equal(terminal.written.length, 5);
  assert.equal(terminal.written[0], '\rCompiling ...\u001b[K');
  assert.ok(terminal.written.slice(1, 3).every((text) => text.startsWith('\r█') && text.endsWith('\u001b[K')));
  assert.ok(terminal.written.every((text) => text.replaceAll('\u001b[K', '').length <= 80));
  assert.deepEqual(terminal.written.slice(3), ['\n', 'Stopping.\n']);
});

test('elsewhere lines come at the start, now and then, and at the end', () => {
  const file = stream(false);
  const display = progressDisplay(file);
  for (let step = 1; step <= 1000; step++) display.show({ ...progress, step });
  display.end();
  assert.equal(file.written.length, 2);
  assert.match(file.written.join(''), /step 1\/1000.*\n.*step 1000\/1000.*\n$/);
  assert.ok(!file.written.join('').includes('\r'));
});

test('iterations have no bar, because how many it takes is not known before', () => {
  const iteration = { ...progress, step: 12, steps: 100, epoch: 12, epochs: 100, metrics: { lowerBound: -3.25 } };
  assert.equal(
    progressLine(iteration, undefined, 'iteration'),
    'iteration 12 of at most 100  12.3/s  at most 1 min 01 s left  lowerBound -3.250',
  );
  for (let columns = 1; columns < 100; columns++)
    assert.ok(progressLine(iteration, columns, 'iteration').length <= columns);
  assert.equal(progressLine(iteration, 35, 'iteration'), 'iteration 12  lowerBound -3.250');
  assert.doesNotMatch(progressLine({ ...iteration, step: 100 }, undefined, 'iteration'), /left/);
  const slow = (stepsPerSecond: number) => progressLine({ ...iteration, stepsPerSecond }, undefined, 'iteration');
  assert.match(slow(0.4), /of at most 100 {2}2\.5 s each {2}/);
  assert.match(slow(1 / 75), / {2}1 min 15 s each {2}/);
  assert.match(progressLine({ ...progress, stepsPerSecond: 0.5 }), / {2}2\.0 s each {2}/);
  assert.equal(
    progressLine({ ...iteration, step: 1, steps: 1 }, undefined, 'iteration'),
    'fitted in one pass  lowerBound -3.250',
  );
});

test('elsewhere the line of where it ended comes too, though it converged before the last iteration', () => {
  const file = stream(false);
  const display = progressDisplay(file, 'iteration');
  for (let step = 1; step <= 7; step++) display.show({ ...progress, step, steps: 100 });
  display.end();
  display.end();
  assert.equal(file.written.length, 2);
  assert.match(file.written.join(''), /^iteration 1 of.*\niteration 7 of.*\n$/);
});
