// What is trained and measured on binarized MNIST, with what was aimed at and what others have published.

/** One likelihood. */
export interface DensityFigure {
  readonly name: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly fit: {
    /** Stops after so many minutes of training. */
    readonly minutes?: number;
    readonly epochs?: number;
    readonly batchSize?: number;
    readonly patience?: number;
    /** False for models without a loss of held-out rows. Default true. */
    readonly validates?: boolean;
  };
  /** Samples per test image, of bounds that are estimated. */
  readonly samples?: number;
  /** In nats a test image. */
  readonly measure: string;
  readonly goal: string;
  readonly published: string;
}

const exact = 'test negative log-likelihood';
const bound = 'test bound on the negative log-likelihood, 1 sample';
const importance = 'test importance estimate, 1000 samples';

/** The figures. */
export const densityFigures: readonly DensityFigure[] = [
  {
    name: 'fvsbn',
    model: 'fvsbn',
    options: { learningRate: 0.01, ema: 0.999, decaySteps: 10_000 },
    fit: { epochs: 20 },
    measure: exact,
    goal: '',
    published: '97.45 (FVSBN)',
  },
  {
    name: 'made, one layer of 2000',
    model: 'made',
    options: { hiddenLayers: [2000], directConnections: true, ema: 0.999, weightDecay: 0.05, decaySteps: 30_000 },
    fit: { epochs: 60, patience: 10 },
    measure: exact,
    goal: '88.0',
    published: '88.40 (one layer of 8000)',
  },
  {
    name: 'made, one layer of 2000, more weight decay',
    model: 'made',
    options: { hiddenLayers: [2000], directConnections: true, ema: 0.999, weightDecay: 0.2, decaySteps: 20_000 },
    fit: { epochs: 40, patience: 10 },
    measure: exact,
    goal: '88.0',
    published: '88.40 (one layer of 8000)',
  },
  {
    name: 'made, one layer of 8000',
    model: 'made',
    options: { hiddenLayers: [8000], directConnections: true, ema: 0.999, weightDecay: 0.05, decaySteps: 30_000 },
    fit: { epochs: 60, patience: 10 },
    measure: exact,
    goal: '88.0',
    published: '88.40 (one layer of 8000)',
  },
  {
    name: 'nade of 500',
    model: 'nade',
    options: { activation: 'relu', ema: 0.999, weightDecay: 0.01, decaySteps: 30_000 },
    fit: { epochs: 60, patience: 10 },
    measure: exact,
    goal: '88.3',
    published: '88.33 (sigmoid units)',
  },
  {
    name: 'pixelcnn, an hour',
    model: 'pixelcnn',
    options: { output: 'binary', decaySteps: 25_000 },
    fit: { epochs: 16, minutes: 60 },
    measure: exact,
    goal: '84',
    published: '81.30; on a CPU in 34 minutes 96.4',
  },
  {
    name: 'vae, dense, 7.5 minutes, bound',
    model: 'vae',
    options: { learningRate: 0.002, ema: 0.998, learningRateDecay: 60 },
    fit: { epochs: 60, minutes: 7.5 },
    samples: 1,
    measure: bound,
    goal: '96',
    published: '101.1 (another CPU study, 7.4 minutes)',
  },
  {
    name: 'vae, convolutional, importance estimate',
    model: 'vae',
    options: { network: 'convolutional', ema: 0.998, learningRateDecay: 80 },
    fit: { epochs: 80, patience: 10, minutes: 30 },
    samples: 1000,
    measure: importance,
    goal: '87.5',
    published: '86.76 (VAE, k = 1, binarised anew in every epoch)',
  },
  {
    name: 'rbm of 500',
    model: 'rbm',
    options: { hiddenUnits: 500, gibbsSteps: 5, decaySteps: 30_000, ema: 0.999 },
    fit: { epochs: 60, validates: false },
    samples: 100,
    measure: 'test negative log-likelihood, log Z by annealed importance sampling',
    goal: '88',
    published: '86.34 (CD-25)',
  },
];
