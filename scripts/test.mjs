// Runs the compiled unit tests (dist/**/*.test.js) with Node's own test runner, one process per file.
//   node scripts/test.mjs [part of a file name ...]
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const filters = process.argv.slice(2);
const files = readdirSync('dist', { recursive: true })
  .map((name) => join('dist', name))
  .filter((name) => name.endsWith('.test.js'))
  // What an earlier build left of a test that is gone is no test.
  .filter((name) => existsSync(relative('dist', name).replace(/\.js$/, '.ts')))
  .filter((name) => filters.length === 0 || filters.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`No compiled test matches ${filters.join(', ') || 'dist/**/*.test.js'}. Run "npm run build" first.`);
  process.exit(1);
}

/** How many of the slowest files are named. */
const slowestShown = 12;

const counts = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
/** Seconds of the tests of each file, to see where the time of the suite goes. */
const seconds = new Map();
const stream = run({ files, concurrency: availableParallelism(), timeout: 300_000 });
stream.on('test:pass', (event) => {
  addTime(event);
  if (event.details?.type === 'suite' || isFile(event)) return;
  if (event.skip === undefined) counts.passed += 1;
  else {
    counts.skipped += 1;
    skips.push(`skipped: ${event.name}${typeof event.skip === 'string' ? ` (${event.skip})` : ''}`);
  }
});
stream.on('test:fail', (event) => {
  addTime(event);
  if (event.details?.type === 'suite') return;
  counts.failed += 1;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  setImmediate(() => {
    for (const line of skips) console.log(line);
    const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, slowestShown);
    if (files.length > slowestShown)
      console.log(
        `slowest files: ${slowest.map(([name, time]) => `${basename(name)} ${time.toFixed(0)} s`).join(', ')}`,
      );
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  });
});

/** Adds what a test took to its file. */
function addTime({ nesting, file, details }) {
  if (nesting === 0 && file !== undefined)
    seconds.set(file, (seconds.get(file) ?? 0) + (details?.duration_ms ?? 0) / 1000);
}

/** The runner reports each file as a test of its own; only the tests inside are counted. */
function isFile(event) {
  return event.nesting === 0 && event.name.endsWith('.test.js');
}
