// The route of objectives: one generator, told in eight ways what is wrong with its rows. First by squared error, then by a discriminator
// under each objective of the adversarial family; networks, codes, seed and time stay the same.
import { html } from '../../html/html.js';
import type { TourStage } from '../stage.js';
import {
  anything,
  clippedPlayersOf,
  commonBatchSize,
  criticSteps,
  decayOf,
  penaltyOf,
  playersOf,
  squaredErrorOf,
} from './objective-networks.js';
import type { TourRoute } from './route.js';

const goodfellow = 'Goodfellow et al. 2014, Generative Adversarial Networks';
const logisticDiscriminator = {
  player: 'Discriminator maximises',
  text: 'E log D(x) + E log(1 − D(G(z)))',
} as const;
const criticGenerator = { player: 'Generator maximises', text: 'E f(G(z))' } as const;
/** The same for all: no objective gets more time than another. */
const common = { share: 60, takes: anything, batchSize: commonBatchSize } as const;
const game = { ...common, schedule: decayOf } as const;

const stages: readonly TourStage[] = [
  {
    ...common,
    name: '1-squared-error',
    kind: 'generator-network',
    title: 'Squared error, without a game',
    assumes:
      'There is one player only. Every training row is given a random code, once and for all, and the generator has to make that row of that ' +
      'code, number by number.',
    formulas: [{ player: 'Generator minimises', text: 'E |x − G(z)|², one fixed z for each x' }],
    look:
      'The curve falls and flattens: a training that nobody has to worry about. Samples look much the same, all in the same fog: the best answer to ' +
      'a doubt is the mean of all answers.',
    leadsOn:
      'Nothing can swing or collapse here. But near in numbers is not what looks alike: a blurred row costs less than a sharp one in the wrong place. ' +
      'That is what a second player is for.',
    ofNumbers: {
      look:
        'The curve falls and flattens: a training that nobody has to worry about. Samples gather in the middle of the data, whether there are rows or ' +
        'not: the best answer to a doubt is the mean of all answers.',
      leadsOn:
        'Nothing can swing or collapse here. But what lies between all rows need not be like any of them. That is what a second player is for.',
    },
    about: {
      name: 'squared error',
      kind: 'squared error',
      description: 'The generator alone, making each training row of a random code of its own.',
      strengths: 'One loss that falls: it cannot swing.',
      weaknesses: 'Answers doubt with a mean, which is blurred, or lies where there are no data.',
      paper: 'Bojanowski et al. 2018, Optimizing the Latent Space of Generative Networks',
    },
    options: squaredErrorOf,
  },
  {
    ...game,
    name: '2-minimax',
    kind: 'gan',
    title: 'Minimax, the game as it was written down',
    assumes:
      'The discriminator says how probably a row is real, D(x), and wants to be right. The generator wants it to be wrong, and nothing else: ' +
      'what one wins the other loses.',
    formulas: [logisticDiscriminator, { player: 'Generator minimises', text: 'E log(1 − D(G(z)))' }],
    look: 'Where D(G(z)) drops to 0 the discriminator has won, and the generator learns in proportion to that number: next to nothing. Halves for both would be the end of a perfect game.',
    leadsOn:
      'It cures the fog: a blurred row is found out at once. It is what the theory is about, and it fails just when the generator is bad, which is at ' +
      'the start.',
    about: {
      name: 'minimax',
      kind: 'minimax',
      description: 'The generator minimises what the discriminator maximises.',
      strengths: 'The game that the theory is about.',
      weaknesses: 'Its gradient vanishes where the discriminator is sure.',
      paper: goodfellow,
    },
    options: (budget) => ({ ...playersOf(budget), objective: 'minimax' }),
  },
  {
    ...game,
    name: '3-non-saturating',
    kind: 'gan',
    title: 'Non-saturating, the same game with a push',
    assumes:
      'The discriminator wants what it wanted before. The generator now raises D(G(z)) instead of lowering the rest, which pulls hardest where it ' +
      'is furthest behind.',
    formulas: [logisticDiscriminator, { player: 'Generator maximises', text: 'E log D(G(z))' }],
    look: 'D(x) above and D(G(z)) below a half, neither at its end, for as long as there is something to learn. The two move like a tug of war.',
    leadsOn:
      'It cures the gradient that vanishes at the start, and is what most people mean by a GAN. No loss tells how far it is, and a generator may ' +
      'still please the discriminator with a few kinds of rows.',
    about: {
      name: 'non-saturating',
      kind: 'non-saturating',
      description: 'The generator raises the probability that its rows are taken for real.',
      strengths: 'Strong gradients from the first step on; cheap.',
      weaknesses: 'May swing, and may leave kinds of rows out unnoticed.',
      paper: goodfellow,
    },
    options: (budget) => ({ ...playersOf(budget), objective: 'non-saturating' }),
  },
  {
    ...game,
    name: '4-least-squares',
    kind: 'lsgan',
    title: 'Least squares, grades instead of verdicts',
    assumes:
      'The discriminator gives grades: 1 to data, 0 to samples. The generator wants a 1, and a grade above it is as wrong as one below, so that ' +
      'rows on the right side but far from the data are pulled back, too.',
    formulas: [
      { player: 'Discriminator minimises', text: '½ E (D(x) − 1)² + ½ E D(G(z))²' },
      { player: 'Generator minimises', text: '½ E (D(G(z)) − 1)²' },
    ],
    look: 'Grades of data and of samples draw near each other as samples get better, and a half for both is a draw. They are no probabilities, and may leave the range from 0 to 1.',
    leadsOn:
      'It cures logarithms that go flat once a row is judged right. The price is the same as before; what is left out stays left out.',
    about: {
      name: 'least squares',
      kind: 'least squares',
      description: 'The discriminator grades rows, 1 for data and 0 for samples; the generator wants a 1.',
      strengths: 'Trains more steadily than logarithms, at the same price.',
      weaknesses: 'Tells no probabilities, and may leave kinds of rows out.',
      paper: 'Mao et al. 2017, Least Squares Generative Adversarial Networks',
    },
    options: playersOf,
  },
  {
    ...game,
    name: '5-wasserstein-clipped',
    kind: 'wgan',
    title: 'Wasserstein distance, by clipped weights',
    assumes:
      'The discriminator becomes a critic f with any values: as high as it can on data, as low as it can on samples, but with a bounded slope, so ' +
      'that the gap between them is a distance. The generator climbs that slope. Weights cut off at 0.01 keep the slope bounded.',
    formulas: [
      { player: 'Critic maximises', text: 'E f(x) − E f(G(z)), its weights in [−0.01, 0.01]' },
      criticGenerator,
    ],
    look: 'The gap between the two curves is what is left of the distance, and it means something: it closes as samples get better. Only the gap counts, not where the curves are.',
    leadsOn:
      'It cures losses that mean nothing, and gradients that vanish where samples and data do not overlap. But clipping makes a crude critic, and ' +
      'five of its updates for each of the generator take time.',
    about: {
      name: 'clipped Wasserstein',
      kind: 'clipped Wasserstein',
      description: 'A critic with clipped weights measures a distance, which the generator shortens.',
      strengths: 'A loss that means something, and a slope wherever the samples are.',
      weaknesses: 'Learns slowly: a crude critic, five times for each step of the generator.',
      paper: 'Arjovsky, Chintala and Bottou 2017, Wasserstein Generative Adversarial Networks',
    },
    options: (budget) => ({ ...clippedPlayersOf(budget), clip: 0.01, discriminatorSteps: criticSteps }),
  },
  {
    ...game,
    name: '6-wasserstein-penalised',
    kind: 'wgan-gp',
    title: 'Wasserstein distance, by a penalised slope',
    assumes:
      'The same two players. Instead of cutting weights off, the critic pays for every slope other than 1, measured at points between data and ' +
      'samples.',
    formulas: [
      {
        player: 'Critic maximises',
        text: 'E f(x) − E f(G(z)) − λ E (|∇f(y)| − 1)², y = u x + (1 − u) G(z), u uniform in [0, 1]; λ is 10 for images, 0.1 for a few numbers',
      },
      criticGenerator,
    ],
    look: 'The gap again, wider than under clipping because the critic may use its whole slope. Look for kinds of rows that other objectives leave out.',
    leadsOn:
      'It cures what clipping does to the critic, and hardly depends on the networks. Each step takes derivatives of derivatives, five times: in the ' +
      'same time it does the fewest steps of all.',
    about: {
      name: 'penalised Wasserstein',
      kind: 'penalised Wasserstein',
      description: 'The critic measures the same distance, kept to a slope of 1 by a penalty.',
      strengths: 'A smooth critic that seldom leaves kinds of rows out.',
      weaknesses: 'The dearest step of all.',
      paper: 'Gulrajani et al. 2017, Improved Training of Wasserstein GANs',
    },
    options: (budget) => ({
      ...playersOf(budget),
      gradientPenalty: penaltyOf(budget),
      discriminatorSteps: criticSteps,
    }),
  },
  {
    ...game,
    name: '7-hinge-spectral',
    kind: 'sngan',
    title: 'Hinge loss, with spectral norms',
    assumes:
      'The discriminator wants data above 1 and samples below −1, and does not care by how much. Each of its layers is divided by the most that it ' +
      'can stretch anything. The generator raises the values of its rows.',
    formulas: [
      {
        player: 'Discriminator minimises',
        text: 'E max(0, 1 − f(x)) + E max(0, 1 + f(G(z))), each weight matrix W of f as W / σ(W)',
      },
      criticGenerator,
    ],
    look: 'Values near 1 and −1 mean that the discriminator tells the two apart, and stops there: it cannot run away. Nearer values mean that samples are hard to tell.',
    leadsOn:
      'It cures discriminators that win outright, for next to nothing: one number for each layer. Most large GANs since are built on it.',
    about: {
      name: 'spectral hinge',
      kind: 'spectral hinge',
      description: 'Margins of 1, from a discriminator whose layers stretch nothing by more than 1.',
      strengths: 'A bounded slope for hardly any time.',
      weaknesses: 'A bounded discriminator sees fine differences late.',
      paper: 'Miyato et al. 2018, Spectral Normalization for Generative Adversarial Networks',
    },
    options: (budget) => ({ ...playersOf(budget), discriminatorSteps: 1 }),
  },
  {
    ...game,
    name: '8-relativistic-average',
    kind: 'gan',
    title: 'Relativistic average, compared with the others',
    assumes:
      'The discriminator no longer asks whether a row is real, but whether it looks more real than the average row of the other kind. The generator ' +
      'wants its rows to look more real than data do, and data less real than its rows.',
    formulas: [
      {
        player: 'Discriminator minimises',
        text: '−E log D(x) − E log(1 − D(G(z))), where D(x) = sigmoid(a(x) − E a(G(z))) and D(G(z)) = sigmoid(a(G(z)) − E a(x))',
      },
      { player: 'Generator minimises', text: '−E log D(G(z)) − E log(1 − D(x))' },
    ],
    look: 'When D(G(z)) rises, D(x) falls: half of a batch is data, and both players know it. Halves for both are a draw.',
    leadsOn:
      'It cures a generator that is told of its own rows alone: data enter its gradient, too. No objective is best on all data; what they came to ' +
      'here, in the same time, stands below.',
    about: {
      name: 'relativistic average',
      kind: 'relativistic average',
      description: 'Both players compare each row with the average row of the other kind.',
      strengths: 'The generator learns from data as well, at hardly any price.',
      weaknesses: 'Says how rows compare, not how real they are.',
      paper: 'Jolicoeur-Martineau 2019, The Relativistic Discriminator',
    },
    options: (budget) => ({ ...playersOf(budget), objective: 'relativistic-average' }),
  },
];

/** Eight objectives of one generator. */
export const objectivesRoute: TourRoute = {
  name: 'objectives',
  minutes: 8,
  stages,
  folder: 'objectives',
  counts: 'objectives on',
  title: 'What a generator is told',
  opening: {
    title: 'One generator, eight teachers',
    text: html`<p>A generator G turns random numbers z, its codes, into rows. What it becomes depends on what it is told when its rows are wrong: that is its objective. Under squared
error it is compared with the data number by number. In a generative adversarial network a second network, the discriminator D, looks at data and at samples, and what it
makes of them is all that the generator hears.</p>
<ul>
<li><strong>The same for all:</strong> the layers of both networks, the size of codes, the seed, the time and the step size, which falls to nothing at the end; squared error, which has no
game to keep in balance, takes a step size of its own.</li>
<li><strong>Different:</strong> the objective, and what belongs to it by its paper: a penalty, clipped weights, the updates of the discriminator for each of the generator, and its
norms, which a bound on its slope rules out or replaces.</li>
</ul>
<p>E stands for the mean over a batch. Each chapter shows what the discriminator said of data and of samples while it learnt, and the first samples drawn at the end; none were
picked. The same time means different numbers of steps: an objective whose steps are dear does fewer of them.</p>`,
  },
  headings: {
    assumes: 'What it asks of the players.',
    look: 'What to look at.',
    leadsOn: 'What it cures, and what not.',
  },
  // How near the data, and how many kinds of them are drawn at all.
  readings: [['fid'], ['coverage'], ['diversity']],
  isAboutTraining: true,
  describe: (count, dataName) =>
    `${count} ways to tell one generator what is wrong with its rows of ${dataName}: the same networks and seed under one objective after the other.`,
};
