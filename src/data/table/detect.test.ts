import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectDelimiter, detectHeader } from './detect.js';

test('the delimiter is the one that lines agree on', () => {
  for (const [text, delimiter] of [
    ['a,b,c\n1,2,3\n', ','],
    ['a;b\n1,5;2,5\n', ';'],
    ['a\tb c\n1\t2, 3\n', '\t'],
    ['a|b\n"x,y,z"|2\n', '|'],
    ['name\nAnn\n', ','],
    ['', ','],
    ['"a;b",c\r\n1,2\r\n', ','],
  ] as const)
    assert.equal(detectDelimiter(text), delimiter, text);
});

test('the first row names the columns where it holds texts above numbers, or texts that do not come again', () => {
  const missing = new Set(['', 'na', '?']);
  const has = (text: string) =>
    detectHeader(
      text.split('\n').map((line) => line.split(',')),
      missing,
    );
  assert.equal(has('a,b\n1,2'), true);
  assert.equal(has('1,2\n3,4'), false);
  assert.equal(has('a,1\nb,2'), false);
  assert.equal(has(',x\n0,5\n1,6'), true, 'an index without a name');
  assert.equal(has('?,x\n0,5'), false);
  assert.equal(has('colour,size\nred,big\nblue,small'), true);
  assert.equal(has('red,big\nblue,small\nred,small'), false);
  assert.equal(has('x,x\ny,z'), false);
  assert.equal(has('5.1,3.5,setosa\n4.9,3.0,setosa'), false);
});
