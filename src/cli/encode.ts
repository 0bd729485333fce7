// verisim encode: the latent codes of rows.
import { Command } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';

/** The options as the command line gives them. */
export interface EncodeArguments extends DataArguments {
  readonly out: string;
}

export function encodeCommand(): Command {
  return addDataOptions(new Command('encode'))
    .description('Write the latent code of each row: the few numbers that a model describes it by.')
    .option('--out <file>', 'where to write: .npy or .csv', 'codes.csv')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim encode runs/pca-mnist --data mnist --split test --out codes.npy
  $ verisim encode runs/dcgan-mnist --data own.npy

GANs have no encoder: the code of each row is searched for, a second or more for every few rows.
`,
    )
    .action(async (run: string, options: EncodeArguments) => {
      const { encode } = await import('./actions/encode.js');
      await encode(run, options);
    });
}
