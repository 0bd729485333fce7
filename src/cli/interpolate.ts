// verisim interpolate: rows on the way between two others, through the latent codes of a model.
import { Command, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface InterpolateArguments extends DataArguments {
  readonly pairs: number;
  readonly steps: number;
  readonly seed: number;
  readonly out?: string;
}

export function interpolateCommand(): Command {
  return addDataOptions(new Command('interpolate'))
    .description('Go from one row to another through latent codes: between rows of data, or between random codes.')
    .addOption(
      new Option('--pairs <number>', 'how many ways, one per line of a picture').argParser(wholeNumber()).default(8),
    )
    .addOption(
      new Option('--steps <number>', 'rows of each way, both ends included').argParser(wholeNumber(2)).default(8),
    )
    .addOption(new Option('--seed <number>', 'decides the ends').argParser(wholeNumber(0)).default(0))
    .option(
      '--out <file>',
      'where to write: .png or .svg for a grid of images, .npy or .csv for numbers (default: interpolation.png, .csv)',
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim interpolate runs/dcgan-mnist --seed 3 --out ways.png
  $ verisim interpolate runs/dcgan-mnist --data mnist --split test --pairs 4
  $ verisim interpolate runs/pca-mnist --data mnist --split test --steps 12

Without --data the ends are random codes. Ways are parts of great circles around the origin. GANs search for the codes of rows, a second or
more for every few.
`,
    )
    .action(async (run: string, options: InterpolateArguments) => {
      const { interpolate } = await import('./actions/interpolate.js');
      await interpolate(run, options);
    });
}
