import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peakMegabytes, peakOf } from './peak-memory.js';

test('reads the peak from a status of Linux, and nothing from any other text', () => {
  const status = 'Name:\tnode\nVmPeak:\t  900000 kB\nVmHWM:\t   51200 kB\nVmRSS:\t   40000 kB\n';
  assert.equal(peakOf(status), 51200 * 1024);
  assert.equal(peakOf(''), undefined);
  assert.equal(peakOf('VmRSS:\t 40000 kB\n'), undefined);
});

test('the peak grows with what the process holds', () => {
  const before = peakMegabytes();
  const large = Buffer.alloc(process.memoryUsage.rss() + 64e6, 1);
  const during = peakMegabytes();
  assert.ok(during > before + 60, `${during} MB holding ${large.length} bytes, ${before} MB before`);
});
