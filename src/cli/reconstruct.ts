// verisim reconstruct: what a model makes of rows when it has only their latent codes.
import { Command, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface ReconstructArguments extends DataArguments {
  readonly count: number;
  readonly seed: number;
  readonly out?: string;
}

export function reconstructCommand(): Command {
  return addDataOptions(new Command('reconstruct'))
    .description('Encode and decode rows: pictures of originals above what comes back, and the error.')
    .addOption(new Option('--count <number>', 'how many rows, chosen at random').argParser(wholeNumber()).default(32))
    .addOption(new Option('--seed <number>', 'decides which rows').argParser(wholeNumber(0)).default(0))
    .option(
      '--out <file>',
      'where to write: .png or .svg for pairs of images, .npy or .csv for what comes back (default: reconstructions.png, .csv)',
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim reconstruct runs/pca-mnist --data mnist --split test --out pairs.png
  $ verisim reconstruct runs/dcgan-mnist --data mnist --split test --count 16

GANs have no encoder: the code of each row is searched for, a second or more for every few rows.
`,
    )
    .action(async (run: string, options: ReconstructArguments) => {
      const { reconstruct } = await import('./actions/reconstruct.js');
      await reconstruct(run, options);
    });
}
