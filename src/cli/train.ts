// verisim train: fits a model and leaves a run folder.
import { Command, Option } from 'commander';
import { collect, positiveNumber, wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface TrainArguments {
  readonly data?: string;
  readonly epochs?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly seed: number;
  readonly device: 'cpu' | 'webgpu' | 'wasm';
  readonly threads?: number;
  readonly out?: string;
  readonly set: readonly string[];
  readonly resume?: string;
  readonly json?: boolean;
}

export function trainCommand(): Command {
  return new Command('train')
    .description('Fit a model to data and leave a run folder with samples, curves, checkpoints and the model.')
    .argument('[model]', 'a kind of model, see "verisim models"')
    .option('--data <name|path>', 'a named data set, see "verisim datasets", or a file or folder')
    .addOption(new Option('--epochs <number>', 'passes over the data').argParser(positiveNumber).conflicts('steps'))
    .addOption(new Option('--steps <number>', 'optimisation steps instead of epochs').argParser(wholeNumber()))
    .addOption(new Option('--batch <number>', "rows per step (default: the model's)").argParser(wholeNumber()))
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same weights').argParser(wholeNumber(0)).default(0),
    )
    .addOption(new Option('--device <name>', 'where to compute').choices(['cpu', 'webgpu', 'wasm']).default('cpu'))
    .addOption(new Option('--threads <number>', 'threads (default: the physical cores)').argParser(wholeNumber()))
    .option('--out <folder>', 'the run folder (default: runs/<model>-<data>)')
    .option('--set <option=value>', "set one of the model's options; may be repeated", collect, [])
    .option('--resume <folder>', 'continue an interrupted run, to the same weights as without the interruption')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim train dcgan --data mnist --epochs 5
  $ verisim train dcgan --data ./photos --set size=32 --steps 2000 --out runs/photos
  $ verisim train --resume runs/dcgan-mnist
`,
    )
    .action(async (model: string | undefined, options: TrainArguments) => {
      const { train } = await import('./actions/train.js');
      await train(model, options);
    });
}
