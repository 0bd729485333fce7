// Peak signal-to-noise ratio: the reconstruction error on a scale of decibels, as super-resolution and compression report it.
//
//   PSNR = mean over images of 10 log10(1 / E_n),   E_n = mean squared error of image n, values in [0, 1]
//
// An exact image has no error to divide by and counts as 100 dB, below one wrong level of one pixel in a hundred thousand numbers.
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { checkImagePairs } from './check-inputs.js';
import { figure } from './in-words.js';
import type { Metric } from './metric.js';
import { mean, squaredErrors } from './squared-errors.js';

const asking = { title: 'Peak signal-to-noise ratio (PSNR)', minimumRows: 1 };

const most = 100;

/** The mean over images of their signal-to-noise ratio. */
export const psnr: Metric<'originals' | 'reconstructions'> = {
  name: 'psnr',
  title: asking.title,
  topic: 'representation',
  measures: 'How near images come to the originals through the code and back, number by number, in decibels.',
  better: 'higher',
  range: [0, most],
  unit: 'dB',
  needs: ['originals', 'reconstructions'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source: 'Huynh-Thu and Ghanbari 2008, Scope of validity of PSNR in image/video quality assessment, equation 1',
  estimateSeconds: ({ originals }) => originals.data.length * 3e-9 + bootstrapSeconds(originals.shape[0]),
  async compute({ originals, reconstructions }, options = {}) {
    checkImagePairs(asking, { originals, reconstructions });
    const ratios = squaredErrors(originals, reconstructions).map((error) =>
      error === 0 ? most : Math.min(most, -10 * Math.log10(error)),
    );
    const interval = await bootstrapMean(ratios, options);
    return { value: mean(ratios), ...(interval === undefined ? {} : { interval }) };
  },
  read: ({ value }) => {
    const start = `Images come back with ${figure(value)} dB`;
    if (value >= most) return 'Images come back exactly as they were.';
    if (value >= 40) return `${start}: hardly anybody sees a difference.`;
    if (value >= 30) return `${start}: a close look shows differences, as in a compressed photograph.`;
    if (value >= 20) return `${start}: what is in the image is clear, its details are lost.`;
    return `${start}: only the coarse shape remains.`;
  },
};
