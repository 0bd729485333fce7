import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { attributeMessage } from './messages.js';
import { mergeBiases, orderOnAllCores, rectifyInConvolutions, repeatRows } from './nodes.js';
import { NodeProtoSchema } from './onnx_pb.js';

const node = (opType: string, input: readonly string[], output: string) =>
  create(NodeProtoSchema, { name: output, opType, input: [...input], output: [output] });

/** The nodes as lines. */
const printed = (nodes: readonly ReturnType<typeof node>[]): string[] =>
  nodes.map(({ opType, input, output }) => `${output} = ${opType} ${input.join(' ')}`);

test('a product that is for nothing else adds its row by itself, where the row is known', () => {
  const nodes = [node('Gemm', ['x', 'w'], 'p'), node('Relu', ['b'], 'row'), node('Add', ['p', 'row'], 'y')];
  assert.deepEqual(printed(mergeBiases(nodes, new Set(['y']), new Set(['y']))), ['row = Relu b', 'y = Gemm x w row']);
});

test('a convolution adds its row by itself, before its channels are brought into order', () => {
  const nodes = [
    node('Conv', ['x', 'w'], 'c'),
    node('ReorderOutput', ['c'], 'p'),
    node('Relu', ['b'], 'row'),
    node('Add', ['p', 'row'], 'y'),
  ];
  const merged = printed(mergeBiases(nodes, new Set(['y']), new Set(['y'])));
  assert.deepEqual(merged, ['row = Relu b', 'c = Conv x w row', 'y = ReorderOutput c']);
  const used = [...nodes, node('Tanh', ['c'], 'z')];
  assert.deepEqual(mergeBiases(used, new Set(['y']), new Set(['y', 'z'])), used);
});

test('a product stays that is used elsewhere, is a result, or whose sum is none of a row', () => {
  const sum = [node('Gemm', ['x', 'w'], 'p'), node('Add', ['p', 'b'], 'y')];
  const used = [...sum, node('Tanh', ['p'], 'z')];
  assert.deepEqual(mergeBiases(used, new Set(['y']), new Set(['y', 'z'])), used);
  assert.deepEqual(mergeBiases(sum, new Set(['y']), new Set(['y', 'p'])), sum);
  assert.deepEqual(mergeBiases(sum, new Set(), new Set(['y'])), sum);
});

/** Names as a graph gives them. */
const plainNames = () => {
  const counts = new Map<string, number>();
  return {
    uniqueName: (wanted: string) => {
      const count = counts.get(wanted) ?? 0;
      counts.set(wanted, count + 1);
      return count === 0 ? wanted : `${wanted}_${count}`;
    },
    int64s: (values: readonly number[]) => `[${values}]`,
  };
};

test('images in blocks of known lengths are put in order by Gather; a single block is in order, and others are left to the runtime', () => {
  const ordering = (name: string) => {
    const made = node('ReorderOutput', ['c'], name);
    made.attribute.push(attributeMessage('channels_last', 1));
    return made;
  };
  const shapes = new Map([
    ['y', [2, 1, 3, 8]],
    ['z', [2, 1, 3, 4]],
    ['v', [-1, 1, 3, 8]],
  ]);
  const nodes = [ordering('y'), ordering('z'), ordering('v'), ordering('w'), node('ReorderOutput', ['c'], 'y')];
  assert.deepEqual(printed(orderOnAllCores(nodes, (name) => shapes.get(name), 4, plainNames())), [
    'y/Reshape = Reshape c [2,6,4]',
    'y/Gather = Gather y/Reshape [0,3,1,4,2,5]',
    'y = Reshape y/Gather [2,1,3,8]',
    'z = Reshape c [2,1,3,4]',
    'v = ReorderOutput c',
    'w = ReorderOutput c',
    'y = ReorderOutput c',
  ]);
});

test('a convolution in blocks rectifies what nothing else takes, once, also behind a view', () => {
  const convolution = (output: string) =>
    create(NodeProtoSchema, { ...node('Conv', ['x', 'w'], output), domain: 'blocks' });
  /** The nodes, and what each applies. */
  const lines = (nodes: readonly ReturnType<typeof node>[]): string[] =>
    printed(nodes).map((line, index) => {
      const text = (name: string) => nodes[index]?.attribute.find((one) => one.name === name);
      const decoded = new TextDecoder().decode(text('activation')?.s);
      return [line, decoded, ...(text('activation_params')?.floats ?? [])].filter((part) => part !== '').join(' ');
    });
  const leaky = node('LeakyRelu', ['v'], 'y');
  leaky.attribute.push(attributeMessage('alpha', { float: 0.25 }));
  const chain = [
    convolution('c'),
    node('Reshape', ['c', 's'], 'v'),
    leaky,
    node('Relu', ['y'], 'z'),
    node('Exp', ['z'], 'e'),
  ];
  assert.deepEqual(lines(rectifyInConvolutions(chain, ['e'])), [
    'c = Conv x w LeakyRelu 0.25',
    'v = Reshape c s',
    'z = Relu v',
    'e = Exp z',
  ]);
  const stays = (nodes: readonly ReturnType<typeof node>[], outputs: readonly string[]) =>
    assert.deepEqual(lines(rectifyInConvolutions(nodes, outputs)), printed(nodes));
  const relu = node('Relu', ['c'], 'y');
  stays([convolution('c'), relu], ['y']);
  stays([convolution('c'), relu, node('Exp', ['y'], 'e')], ['e', 'c']);
  stays([convolution('c'), relu, node('Add', ['y', 'c'], 'e')], ['e']);
  stays([node('Conv', ['x', 'w'], 'c'), relu, node('Exp', ['y'], 'e')], ['e']);
});

test('a short row is repeated once, and rows of its large matrices become one, whichever operand it is', () => {
  const nodes = [node('Mul', ['x', 'a'], 'y'), node('Sub', ['a', 'y'], 'z')];
  const operation = { row: 'a', count: 3136, width: 64 };
  const wide = repeatRows(
    nodes,
    new Map([
      ['y', operation],
      ['z', operation],
    ]),
    plainNames(),
  );
  assert.deepEqual(printed(wide), [
    'y/Expand = Expand a [16,64]',
    'y/Reshape = Reshape y/Expand [1024]',
    'y/Reshape_1 = Reshape x [196,1024]',
    'y/wide = Mul y/Reshape_1 y/Reshape',
    'y = Reshape y/wide [3136,64]',
    'z/Reshape = Reshape y [196,1024]',
    'z/wide = Sub y/Reshape z/Reshape',
    'z = Reshape z/wide [3136,64]',
  ]);
});

test('rows stay that are long, of small matrices, or of a number of rows that no repetition divides', () => {
  const nodes = [node('Mul', ['x', 'a'], 'y')];
  const stays = (count: number, width: number) =>
    assert.deepEqual(repeatRows(nodes, new Map([['y', { row: 'a', count, width }]]), plainNames()), nodes);
  stays(3136, 784);
  stays(64, 64);
  stays(3137, 64);
  // What became the bias of a product has no node of its own.
  const merged = [node('Gemm', ['x', 'w', 'a'], 'y')];
  assert.deepEqual(repeatRows(merged, new Map([['y', { row: 'a', count: 3136, width: 64 }]]), plainNames()), merged);
});
