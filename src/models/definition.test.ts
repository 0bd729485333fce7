import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import { describeOptions, optionMeaning, parseOptions, parseOptionText } from './definition.js';

const schema = z.object({
  size: z.int().positive().default(3).describe('how large'),
  layers: z.array(z.int().positive()).default([4, 5]).describe('how wide'),
  mode: z.enum(['fast', 'exact']).default('fast').describe('how'),
});

test('defaults are filled in and everything is frozen', () => {
  const options = parseOptions('toy', schema, { size: 7 });
  assert.deepEqual(options, { size: 7, layers: [4, 5], mode: 'fast' });
  assert.ok(Object.isFrozen(options) && Object.isFrozen(options.layers));
});

test("the caller's options stay as they are", () => {
  const layers = [1, 2];
  parseOptions('toy', schema, { layers });
  assert.equal(Object.isFrozen(layers), false);
  layers.push(3);
});

test('an unknown option suggests the nearest; a wrong value is named with what is allowed', () => {
  const refusal = (options: object): string => {
    try {
      parseOptions('toy', schema, options);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.message;
    }
    return 'accepted';
  };
  assert.match(
    refusal({ sise: 3 }),
    /toy has no option "sise"\. Did you mean "size"\? Its options: size, layers, mode\./,
  );
  assert.match(refusal({ mode: 'slow' }), /toy: option "mode" is "slow"\..*"fast"\|"exact"/);
  assert.match(refusal({ layers: [3, -1] }), /option "layers\.1" is -1/);
  assert.match(refusal({ size: '7' }), /option "size" is "7".*expected number, received string/);
  // Two mistakes, two lines.
  assert.equal(refusal({ size: 0, mode: 1 }).split('\n').length, 2);
});

test('options as text are JSON where they are JSON, otherwise text', () => {
  assert.deepEqual(parseOptionText('size=7'), ['size', 7]);
  assert.deepEqual(parseOptionText('layers=[1,2]'), ['layers', [1, 2]]);
  assert.deepEqual(parseOptionText('mode=exact'), ['mode', 'exact']);
  assert.deepEqual(parseOptionText('name=a=b'), ['name', 'a=b']);
  assert.deepEqual(parseOptionText('rate=1e-4'), ['rate', 1e-4]);
  for (const wrong of ['size', '=3', '']) assert.throws(() => parseOptionText(wrong), /--set takes name=value/);
});

test('options can be listed with defaults and meanings', () => {
  const [, layers, mode] = describeOptions(schema);
  assert.ok(layers && mode);
  assert.deepEqual(layers, { name: 'layers', default: [4, 5], description: 'how wide' });
  const choices = ['fast', 'exact'];
  assert.deepEqual(mode, { name: 'mode', default: 'fast', choices, description: 'how' });
  assert.deepEqual([layers, mode].map(optionMeaning), ['how wide', 'how; one of fast, exact']);
});
