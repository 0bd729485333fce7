// The route of models: seven ways to model the same data, each answering what the one before it could not, with its story.
import { html } from '../../html/html.js';
import type { TourStage } from '../stage.js';
import {
  anything,
  coderOf,
  gameAverage,
  isDrawnByPixels,
  isImages,
  isLabelled,
  mixtureOf,
  pixelcnnOf,
} from './model-options.js';
import type { TourRoute } from './route.js';

/** The stages in the order in which they are told. */
const stages: readonly TourStage[] = [
  {
    name: '1-gaussian-bayes',
    kind: 'gaussian-bayes',
    title: 'One Gaussian for a class',
    share: 8,
    assumes:
      'Within a class every number is drawn on its own from a bell curve. Two numbers for each, a mean and a variance, are all there is to ' +
      'learn, and one pass over the data finds the best ones exactly.',
    look: 'The mean of each class shines through, under snow: numbers that know nothing of each other.',
    leadsOn:
      'One bell curve has one centre, but few things look one way only: there is more than one way to write a seven.',
    ofNumbers: {
      look: 'Round clouds, one for each class, each as wide as its class. Columns that rise and fall together in the data do not do so here.',
      leadsOn:
        'One bell curve has one centre, and it cannot lean: what columns have to do with each other is lost on it.',
    },
    takes: anything,
    options: ({ data }) => ({ covarianceFloor: 0.05, conditional: isLabelled(data) }),
  },
  {
    name: '2-gaussian-mixture',
    kind: 'gaussian-mixture',
    title: 'A mixture of Gaussians',
    // On two cores as long as low-rank covariances take, which draw far better digits than none.
    share: 26,
    assumes:
      'A class has several centres. To draw a row, a centre is chosen first, then the row around it. Which row belongs to which centre is ' +
      'nowhere written down; expectation maximisation guesses it, fits, and guesses again.',
    look: 'Different ways to be of a class become visible, such as slanted and upright hands. Strokes hold together as far as a centre knows which pixels change together; the rest is grain.',
    leadsOn:
      'Centres can be counted, but most things change smoothly from one to the next. What is wanted is a space to walk about in.',
    ofNumbers: {
      look: 'Several clouds for each class, which may lean now: they follow bends and gaps of the data that one cloud smears over.',
    },
    takes: anything,
    options: (budget) => ({
      perClass: isLabelled(budget.data),
      maxIterations: 30,
      ...mixtureOf(budget),
    }),
  },
  {
    name: '3-autoencoder',
    kind: 'autoencoder',
    title: 'An autoencoder',
    share: 34,
    assumes:
      'Every row can be rebuilt from a few numbers. One network squeezes it into them, a second one unfolds them again, and both learn by ' +
      'comparing what went in with what came out.',
    look: 'Rebuilt rows are good. Rows from random codes are not: nothing ever said which codes occur, so many lead nowhere.',
    leadsOn: 'It compresses, but it is no probabilistic model: its codes have no distribution of their own.',
    ofNumbers: {
      look: 'Rebuilt rows are near the real ones. Rows from random codes need not be: nothing ever said which codes occur.',
    },
    takes: anything,
    options: (budget) => ({ ...coderOf(budget), prior: 'standard-normal' }),
  },
  {
    name: '4-vae',
    kind: 'vae',
    title: 'A variational autoencoder',
    share: 58,
    assumes:
      'A row is drawn by drawing a code from a normal distribution and decoding it. The encoder answers with a small cloud of codes instead of ' +
      'one, and a second term of the loss keeps all clouds together close to that normal distribution.',
    look: 'Now random codes give rows like the data, and between two codes lies a smooth path. Images look a little as if seen through fog.',
    leadsOn:
      'Given the code, numbers are drawn independently: what the code does not say is averaged, and averages blur.',
    ofNumbers: {
      look: 'Random codes now give rows where the data are. Thin bridges may lie between clouds, where the decoder turns smoothly from one to the next.',
      leadsOn:
        'Given the code, numbers are drawn independently of each other. What if only the look of the samples counted?',
    },
    takes: anything,
    options: (budget) => ({
      ...coderOf(budget),
      ema: 0.998,
      ...(isImages(budget.data) ? { decoder: 'bernoulli', pixels: 'probabilities' } : { decoder: 'gaussian' }),
    }),
    schedule: ({ epochs }) => ({ learningRateDecay: Math.max(1, Math.ceil(epochs)) }),
  },
  {
    name: '5-pixelcnn',
    kind: 'pixelcnn',
    title: 'An autoregressive network',
    share: 92,
    judging: 2.2,
    assumes:
      'Nothing at all about the shape of the distribution: any image can be written pixel by pixel, each pixel given all those before it. A ' +
      'network with masked convolutions learns these conditionals, and their product is the exact probability of the image.',
    look: 'Strokes are crisp and join up, since each pixel sees its neighbours. Whole shapes go astray, since it takes long training to see far.',
    leadsOn:
      'It is honest about probabilities, but slow to draw, and it has no code. What if only the look of the samples counted?',
    takes: isDrawnByPixels,
    options: (budget) => ({
      output: 'categorical',
      conditional: isLabelled(budget.data),
      ...pixelcnnOf(budget),
    }),
    batchSize: () => 16,
    schedule: ({ steps }) => ({ decaySteps: steps, ema: steps > 3000 ? 0.999 : 0.99 }),
  },
  {
    name: '6-gan',
    kind: 'gan',
    title: 'A generative adversarial network',
    share: 50,
    assumes:
      'Nothing that could be written down as a probability. A generator turns noise into rows, a discriminator tells them from real ones, and ' +
      'each learns from the other. There is no likelihood to compute; the samples are the model.',
    look: 'No fog any more: blur would be found out at once. In images there are specks instead, which dense layers cannot smooth.',
    leadsOn:
      'It cannot say how probable a row is, and its dense layers do not know that neighbouring pixels are neighbours.',
    ofNumbers: {
      look: 'Samples crowd where the data are dense. Watch for parts of the data that nobody draws: a generator may leave out what is hard.',
      leadsOn:
        'It cannot say how probable a row is. No model here does everything; what each can do stands at the end of the page.',
    },
    takes: anything,
    options: () => ({}),
    schedule: gameAverage,
  },
  {
    name: '7-dcgan',
    kind: 'dcgan',
    title: 'A deep convolutional GAN',
    share: 92,
    judging: 1.2,
    assumes:
      'The same game, played by convolutional networks: the generator paints from coarse to fine, the discriminator looks from fine to coarse, ' +
      'and what is learnt about a stroke in one place holds in all others.',
    look: 'Crisp strokes and whole shapes, drawn by the thousand in a second. Watch for shapes that are none, and for too much sameness.',
    leadsOn:
      'It still cannot say how probable an image is. No model here does everything; what each can do stands at the end of the page.',
    takes: isImages,
    options: () => ({}),
    schedule: gameAverage,
  },
];

/** Seven kinds of models. */
export const modelsRoute: TourRoute = {
  name: 'models',
  minutes: 6,
  stages,
  folder: 'tour',
  counts: 'models of',
  title: 'A tour of generative models',
  opening: {
    title: 'The question',
    text: html`<p>Somewhere there is a distribution that the data were drawn from. Nobody knows it; all there is are examples. A generative model is a guess at that
distribution, and three things can be asked of it.</p>
<ul>
<li><strong>Density.</strong> How plausible is this row? Asked of each class in turn, Bayes' rule makes a classifier of the answers; asked of odd rows, an alarm.</li>
<li><strong>Samples.</strong> Draw a new row that could have been among the data, without copying one that was.</li>
<li><strong>Representation.</strong> What are the few numbers that this row comes down to?</li>
</ul>
<p>No model is best at all three. Each chapter takes one model, says what it assumes, shows what it drew, and where it leads on to the next one. The samples are the first
ones drawn; none were picked.</p>`,
  },
  headings: { assumes: 'What it assumes.', look: 'What to look for.', leadsOn: 'What it leaves open.' },
  readings: [['fid'], ['bits-per-dimension', 'log-likelihood', 'elbo'], ['reconstruction-error'], ['copied']],
  isAboutTraining: false,
  describe: (count, dataName) =>
    `${count} ways to learn what ${dataName} looks like, trained one after the other on this machine, and what each of them can and cannot do.`,
};
