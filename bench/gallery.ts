// The pictures in docs/pictures.md, each with the command that makes it.

/** A training whose pictures are shown. */
export interface Exhibit {
  readonly heading: string;
  /** What follows `verisim`, without `--out`. */
  readonly command: readonly string[];
  readonly pictures: readonly {
    /** The figure's name in the run folder's charts. */
    readonly chart: string;
    /** Its file in docs/images/. */
    readonly file: string;
    /** What is to be seen. */
    readonly text: string;
  }[];
}

const set = (...options: readonly string[]): string[] => options.flatMap((option) => ['--set', option]);

/** All of them, in the order of the page. */
export const gallery: readonly Exhibit[] = [
  {
    heading: 'A class as one Gaussian',
    command: ['train', 'gaussian-bayes', '--data', 'mnist', ...set('covariance=full', 'covarianceFloor=0.02')],
    pictures: [
      {
        chart: 'class-means',
        file: 'gaussian-bayes-class-means.png',
        text: 'What all images of a digit have in common.',
      },
      {
        chart: 'class-samples',
        file: 'gaussian-bayes-class-samples.png',
        text: 'A covariance for each class knows which pixels are inked together, so strokes appear; one Gaussian cannot decide between ways of writing.',
      },
    ],
  },
  {
    heading: 'A class as independent pixels',
    command: ['train', 'naive-bayes', '--data', 'mnist'],
    pictures: [
      {
        chart: 'class-samples',
        file: 'naive-bayes-class-samples.png',
        text: 'Every pixel is drawn on its own: the right places, and no strokes.',
      },
    ],
  },
  {
    heading: 'A class as a mixture',
    command: [
      'train',
      ...['gaussian-mixture', '--data', 'mnist'],
      ...set('perClass=true', 'components=10', 'covariance=diagonal', 'covarianceFloor=0.01', 'maxIterations=40'),
    ],
    pictures: [
      {
        chart: 'component-means',
        file: 'gaussian-mixture-component-means.png',
        text: 'The components find the ways in which a digit is written: upright and slanted ones, twos with and without a loop, crossed sevens.',
      },
    ],
  },
  {
    heading: 'Clusters',
    command: ['train', 'k-means', '--data', 'fashion-mnist', ...set('clusters=20')],
    pictures: [
      {
        chart: 'centres',
        file: 'k-means-centres.png',
        text: 'Without labels the centres tell trousers, shoes, bags, dresses and shirts apart.',
      },
    ],
  },
  {
    heading: 'Principal components',
    command: ['train', 'pca', '--data', 'fashion-mnist', ...set('components=50')],
    pictures: [
      {
        chart: 'components',
        file: 'pca-components.png',
        text: 'The first component tells shoes from tops, the second narrow pieces from wide ones; the next ones are finer and finer.',
      },
    ],
  },
  {
    heading: 'Rows in the plane of a linear code',
    command: ['train', 'pca', '--data', 'mnist', ...set('components=2')],
    pictures: [
      {
        chart: 'codes',
        file: 'pca-codes.png',
        text: 'Two principal components tell zeros from ones; most digits lie on top of each other.',
      },
    ],
  },
  {
    heading: 'Rows in the plane of a learnt code',
    command: ['train', 'autoencoder', '--data', 'mnist', '--epochs', '4', '--seed', '0', ...set('latentSize=2')],
    pictures: [
      {
        chart: 'codes',
        file: 'autoencoder-codes.png',
        text: 'An autoencoder may bend the plane, and keeps the digits apart although it never saw a label. Its codes go wherever they like.',
      },
      {
        chart: 'latent-grid',
        file: 'autoencoder-latent-grid.png',
        text: 'What it decodes where its codes are: between the digits lie shapes that are none.',
      },
    ],
  },
  {
    heading: 'Rows in the plane of a random code',
    command: [
      'train',
      ...['vae', '--data', 'mnist', '--epochs', '4', '--seed', '0'],
      ...set('latentSize=2', 'pixels=probabilities'),
    ],
    pictures: [
      {
        chart: 'codes',
        file: 'vae-codes.png',
        text: 'A variational autoencoder brings the codes together to the standard normal distribution that it samples from.',
      },
      {
        chart: 'latent-grid',
        file: 'vae-latent-grid.png',
        text: 'Every part of that distribution decodes to something like a digit, and neighbours are alike.',
      },
    ],
  },
  {
    heading: 'Codes with a discovered meaning',
    command: [
      ...['train', 'infogan', '--data', 'mnist', '--steps', '3000', '--seed', '0', '--threads', '1'],
      ...set('channels=16', 'ema=0.99'),
    ],
    pictures: [
      {
        chart: 'code-category-1',
        file: 'infogan-code-category-1.png',
        text: 'A row keeps its noise, a column its category. No label told of digits, yet most categories became one: here the ones, fours, sevens and zeros.',
      },
      {
        chart: 'code-continuous-1',
        file: 'infogan-code-continuous-1.png',
        text: 'One of two numbers that can be read from the image, turned like a knob; training knew it from −1 to 1.',
      },
    ],
  },
  {
    heading: 'A density over one column',
    command: [
      'train',
      ...['gaussian-bayes', '--data', 'iris'],
      ...['sepal length', 'sepal width', 'petal width'].flatMap((name) => ['--column', `${name}=ignore`]),
    ],
    pictures: [
      {
        chart: 'density',
        file: 'gaussian-bayes-density.png',
        text: 'The density, and the share of it that each species has, over the histogram of the data. Marks are single flowers.',
      },
    ],
  },
  {
    heading: 'Densities over two columns',
    command: [
      'train',
      ...['gaussian-mixture', '--data', 'iris'],
      ...['sepal length', 'sepal width'].flatMap((name) => ['--column', `${name}=ignore`]),
      ...set('components=3'),
    ],
    pictures: [
      {
        chart: 'density',
        file: 'gaussian-mixture-density.png',
        text: 'Three Gaussians, which nobody told that there are three species. Lines are the smallest regions that hold so much of the probability.',
      },
    ],
  },
  {
    heading: 'Densities of any shape',
    command: ['train', 'kernel-density', '--data', 'two-moons', ...set('bandwidth=cross-validated')],
    pictures: [
      { chart: 'density', file: 'kernel-density-density.png', text: 'Kernels follow shapes that no Gaussian has.' },
    ],
  },
];

/** The command as one types it. */
export function commandLine({ command }: Exhibit): string {
  return `verisim ${command.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(' ')}`;
}

/** The page's part about the pictures, as Markdown. */
export function galleryText(): string {
  return gallery
    .map((exhibit) => {
      const figures = exhibit.pictures.map(
        ({ chart, file, text }) => `${text}\n\n![${exhibit.heading}: ${chart}](images/${file})`,
      );
      return `## ${exhibit.heading}\n\n    ${commandLine(exhibit)}\n\n${figures.join('\n\n')}`;
    })
    .join('\n\n');
}
