// Layers against PyTorch 2.15 in float64. With images [N, H, W, C] as x.permute(0, 3, 1, 2) and its results permuted back:
//   x = (torch.arange(32).reshape(2, 2, 2, 4) * 0.7).sin()
//   w = torch.tensor([0.5, 1, 1.5, -1.]); b = torch.tensor([0., .1, -.2, .3])
//   k(*shape) = torch.arange(prod(shape)).reshape(*shape).mul(0.3).cos(), permuted by (3, 2, 0, 1)
import { test } from 'node:test';
import { input } from '../../tensor/operators/source.js';
import type { Layer } from '../layer.js';
import { network } from '../network.js';
import { array, assertNear, type Feeds, numbers } from '../numeric.test.support.js';
import { conv } from './conv.js';
import { groupNorm } from './group-norm.js';
import { instanceNorm } from './instance-norm.js';
import { layerNorm } from './layer-norm.js';
import { resizeConv } from './resize-conv.js';
import { transposedConv } from './transposed-conv.js';

const x = array(
  [2, 2, 2, 4],
  Float64Array.from({ length: 32 }, (_, i) => Math.sin(i * 0.7)),
);
const affine = { 'net/scale': array([4], [0.5, 1, 1.5, -1]), 'net/bias': array([4], [0, 0.1, -0.2, 0.3]) };
const filters = (...shape: number[]) =>
  array(
    shape,
    Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.cos(i * 0.3)),
  );

interface Reference {
  /** The call in torch.nn.functional. */
  readonly call: string;
  readonly layer: Layer;
  readonly weights: Feeds;
  /** The first values of the result, [N, H, W, C]. */
  readonly expected: readonly number[];
}

const references: readonly Reference[] = [
  {
    call: 'layer_norm(x, (4,), w, b, 1e-5)',
    layer: layerNorm(),
    weights: affine,
    expected: [-0.819961843399, 0.155254914229, 1.22974679694, -0.331504241273, 0.769979470101, 0.323904806262],
  },
  {
    call: 'layer_norm(x, (2, 2, 4), eps=1e-5)',
    layer: layerNorm({ axes: 3, scale: false, bias: false }),
    weights: {},
    expected: [-0.144519085562, 0.797521597704, 1.29650582784, 1.11775352457, 0.345334689195, -0.65747003062],
  },
  {
    call: 'instance_norm(x, weight=w, bias=b, eps=1e-5)',
    layer: instanceNorm(),
    weights: affine,
    expected: [-0.129420519348, 1.42366158263, 1.56641282011, -0.630930085419, 0.181184923597, -1.28140283311],
  },
  {
    call: 'group_norm(x, 2, w, b, 1e-5)',
    layer: groupNorm({ groups: 2 }),
    weights: affine,
    expected: [-0.1607900888, 1.17387907739, 1.45822544514, -0.661147232956, 0.202023851043, -0.981422248491],
  },
  {
    call: 'conv2d(x, k(3, 3, 4, 2), torch.tensor([.5, -.5]), padding=1)',
    layer: conv({ filters: 2, kernel: 3 }),
    weights: { 'net/weight': filters(3, 3, 4, 2), 'net/bias': array([2], [0.5, -0.5]) },
    expected: [2.23947059739, 2.51793005875, -3.8823937294, -5.33945638972, -2.08395434834, -1.73554610018],
  },
  {
    call: 'conv_transpose2d(x, k(4, 4, 3, 4), torch.tensor([.5, -.5, 0.]), stride=2, padding=1)',
    layer: transposedConv({ filters: 3, kernel: 4, stride: 2 }),
    weights: { 'net/weight': filters(4, 4, 3, 4), 'net/bias': array([3], [0.5, -0.5, 0]) },
    expected: [2.86639484823, 0.857366914894, -1.38268999367, -0.195338006676, 0.642330955545, 1.52320296652],
  },
  {
    call: "conv2d(interpolate(x, scale_factor=2, mode='nearest'), k(3, 3, 4, 2), padding=1)",
    layer: resizeConv({ filters: 2, kernel: 3, bias: false }),
    weights: { 'net/weight': filters(3, 3, 4, 2) },
    expected: [2.89843360812, 2.81404120938, -2.70449561434, -1.00448923351, -5.97840818525, -6.1113284378],
  },
];

for (const { call, layer, weights, expected } of references)
  test(`${layer.kind} equals ${call}`, () => {
    const net = network('net', layer, [2, 2, 4]);
    const { output } = net.apply(input('x', [2, 2, 2, 4]), net.inputs());
    // The reference is printed with 12 digits.
    assertNear(numbers(output, { x, ...weights }).slice(0, expected.length), expected, 1e-11);
  });
