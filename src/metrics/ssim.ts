// Structural similarity: whether brightness, contrast and structure agree, window by window, rather than pixel by pixel.
//
//   SSIM(x, y) = mean over windows of (2 mx my + C1)(2 sxy + C2) / ((mx^2 + my^2 + C1)(sx^2 + sy^2 + C2))
//
// Windows of 11 x 11 with Gaussian weights of deviation 1.5, wholly inside the image; C1 = 0.01^2, C2 = 0.03^2 for values in [0, 1]; of
// colours the mean over channels (Wang, Bovik, Sheikh and Simoncelli 2004, equation 13 and section III.B).
import { ShapeError } from '../core/errors.js';
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { checkImagePairs } from './check-inputs.js';
import { figure } from './in-words.js';
import type { Metric } from './metric.js';
import { pace, stage } from './pace.js';
import { mean } from './squared-errors.js';

const asking = { title: 'Structural similarity (SSIM)', minimumRows: 1 };

const window = 11;
const deviation = 1.5;
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/** The mean structural similarity of images and what became of them through the code. */
export const ssim: Metric<'originals' | 'reconstructions'> = {
  name: 'ssim',
  title: asking.title,
  topic: 'representation',
  measures:
    'How alike images look to their originals after the code and back: whether brightness, contrast and structure agree in small windows.',
  better: 'higher',
  range: [-1, 1],
  unit: '',
  needs: ['originals', 'reconstructions'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source:
    'Wang, Bovik, Sheikh and Simoncelli 2004, Image Quality Assessment: From Error Visibility to Structural Similarity, equation 13',
  refusal: ({ originals }) => tooSmall(originals.shape),
  estimateSeconds: ({ originals }) => originals.data.length * 30e-9 + bootstrapSeconds(originals.shape[0]),
  async compute({ originals, reconstructions }, options = {}) {
    checkImagePairs(asking, { originals, reconstructions });
    const refused = tooSmall(originals.shape);
    if (refused !== undefined) throw new ShapeError(refused);
    const [count, height, width, channels] = originals.shape;
    const size = height * width * channels;
    const similarity = imageSimilarity(height, width, channels);
    const values = new Float64Array(count);
    const done = pace(stage(options, 0, 0.9));
    for (let image = 0; image < count; image++) {
      values[image] = similarity(originals.data, reconstructions.data, image * size);
      await done((image + 1) / count);
    }
    const interval = await bootstrapMean(values, stage(options, 0.9, 1));
    return { value: mean(values), ...(interval === undefined ? {} : { interval }) };
  },
  read: ({ value }) => {
    const start = `Of at most 1, images and their reconstructions agree by ${figure(value)}`;
    if (value === 1) return 'Images come back exactly as they were.';
    if (value >= 0.95) return `${start}: they look the same.`;
    if (value >= 0.8) return `${start}: their structure is there, fine details are not.`;
    if (value >= 0.5) return `${start}: they are alike in the large, and blurred or noisy in the small.`;
    return `${start}: they have little structure in common.`;
  },
};

function tooSmall([, height, width]: readonly [number, number, number, number]): string | undefined {
  if (Math.min(height, width) >= window) return undefined;
  return `${asking.title} looks through windows of ${window} x ${window}; images of ${height} x ${width} hold none. Use psnr or reconstruction-error.`;
}

type Numbers = Float32Array | Float64Array;

/** The similarity of two images of one shape that start at a position; the memory in between is taken once. */
function imageSimilarity(
  height: number,
  width: number,
  channels: number,
): (x: Numbers, y: Numbers, from: number) => number {
  const weights = Array.from({ length: window }, (_, i) =>
    Math.exp(-((i - (window - 1) / 2) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kernel = Float64Array.from(weights, (weight) => weight / total);
  const across = width - window + 1;
  const down = height - window + 1;
  const field = () => new Float64Array(height * across);
  // Weighted means of x, y, x^2, y^2 and xy along rows; those along columns follow.
  const [fx, fy, fxx, fyy, fxy] = [field(), field(), field(), field(), field()] as const;
  return (x, y, from) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < height; row++)
        for (let column = 0; column < across; column++) {
          let mx = 0;
          let my = 0;
          let mxx = 0;
          let myy = 0;
          let mxy = 0;
          for (let k = 0; k < window; k++) {
            const at = from + (row * width + column + k) * channels + channel;
            const a = x[at]!;
            const b = y[at]!;
            const weight = kernel[k]!;
            mx += weight * a;
            my += weight * b;
            mxx += weight * a * a;
            myy += weight * b * b;
            mxy += weight * a * b;
          }
          const place = row * across + column;
          fx[place] = mx;
          fy[place] = my;
          fxx[place] = mxx;
          fyy[place] = myy;
          fxy[place] = mxy;
        }
      for (let row = 0; row < down; row++)
        for (let column = 0; column < across; column++) {
          let mx = 0;
          let my = 0;
          let mxx = 0;
          let myy = 0;
          let mxy = 0;
          for (let k = 0; k < window; k++) {
            const place = (row + k) * across + column;
            const weight = kernel[k]!;
            mx += weight * fx[place]!;
            my += weight * fy[place]!;
            mxx += weight * fxx[place]!;
            myy += weight * fyy[place]!;
            mxy += weight * fxy[place]!;
          }
          const structure = (2 * mx * my + c1) * (2 * (mxy - mx * my) + c2);
          sum += structure / ((mx * mx + my * my + c1) * (mxx - mx * mx + (myy - my * my) + c2));
        }
    }
    return sum / (down * across * channels);
  };
}
