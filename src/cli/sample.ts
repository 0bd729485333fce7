// verisim sample: draws from a trained model.
import { Command, Option } from 'commander';
import { givenLabel, positiveNumber, wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface SampleArguments {
  readonly count: number;
  readonly seed?: number;
  /** A class by name. */
  readonly given?: string;
  /** The largest number that a drawn code may have. */
  readonly truncation?: number;
  readonly out?: string;
  readonly json?: boolean;
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('Draw samples from a trained model.')
    .argument('<run>', 'a run folder, or a model folder inside one')
    .addOption(new Option('--count <number>', 'how many rows to draw').argParser(wholeNumber()).default(64))
    .addOption(
      new Option('--seed <number>', 'the same seed draws the same rows (default: different ones each time)').argParser(
        wholeNumber(0),
      ),
    )
    .addOption(
      new Option('--given <label=class>', 'rows of this class alone, of models that know classes').argParser(
        givenLabel,
      ),
    )
    .addOption(
      new Option(
        '--truncation <number>',
        'of GANs: no number of a latent code above this, such as 0.7, for better samples that vary less',
      ).argParser(positiveNumber),
    )
    .option(
      '--out <file>',
      'where to write: .png or .svg for a grid of images, .npy or .csv for numbers (default: samples.png, samples.csv)',
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim sample runs/dcgan-mnist --count 64 --seed 1 --out digits.png
  $ verisim sample runs/dcgan-mnist --count 10000 --out digits.npy
  $ verisim sample runs/dcgan-mnist --truncation 0.7
  $ verisim sample runs/gaussian-bayes-mnist --given label=7 --out sevens.png
`,
    )
    .action(async (run: string, options: SampleArguments) => {
      const { sample } = await import('./actions/sample.js');
      await sample(run, options);
    });
}
