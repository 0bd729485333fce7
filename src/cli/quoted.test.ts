import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoted } from './quoted.js';

test('paths are quoted where a shell would take them for something else', () => {
  assert.equal(quoted('runs/tour-mnist/7-dcgan'), 'runs/tour-mnist/7-dcgan');
  assert.equal(quoted('My Photos'), '"My Photos"');
  assert.equal(quoted('a "b" $c'), '"a \\"b\\" \\$c"');
  assert.equal(quoted(''), '""');
});
