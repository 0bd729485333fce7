// verisim train: fits a model and leaves a run folder.
import { Command, Option } from 'commander';
import {
  collect,
  columnDeclaration,
  imageSide,
  positiveNumber,
  threshold,
  validationRows,
  wholeNumber,
} from './values.js';

/** The options as the command line gives them. */
export interface TrainArguments {
  readonly data?: string;
  readonly epochs?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly device?: 'cpu' | 'webgpu' | 'wasm';
  readonly threads?: number;
  readonly size?: readonly [height: number, width: number];
  readonly flip?: boolean;
  readonly shift?: boolean;
  readonly binarise?: number | 'draw';
  readonly validation?: 'valid' | 'test' | number;
  readonly patience?: number;
  readonly label?: string;
  readonly column?: Readonly<Record<string, 'numeric' | 'categorical' | 'ignore'>>;
  readonly missing?: 'drop' | 'fill' | 'category';
  readonly missingText?: readonly string[];
  readonly categorical?: 'one-hot' | 'codes';
  readonly standardise?: boolean;
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
    .addOption(
      new Option('--size <pixels>', 'bring images to this size, 64 or 48x64 (height x width)').argParser(imageSide),
    )
    .option('--label <column>', 'tables: the column with the classes, by name, or by place from 0, from the end as -1')
    .addOption(
      new Option(
        '--column <name=kind>',
        'tables: what a column is: numeric, categorical or ignore; may be repeated',
      ).argParser(columnDeclaration),
    )
    .addOption(
      new Option(
        '--missing <what>',
        'tables: drop rows with missing values, fill them with the mean or most frequent, or make them a category',
      ).choices(['drop', 'fill', 'category']),
    )
    .addOption(
      new Option(
        '--missing-text <text>',
        'tables: a text that stands for a missing value, besides empty, NA, N/A, ?, nan, null; may be repeated',
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--categorical <how>',
        'tables: categories as a 0 or 1 for each, or as one number that counts them (default: one-hot)',
      ).choices(['one-hot', 'codes']),
    )
    .option(
      '--standardise',
      'tables: bring numbers to mean 0 and deviation 1 (default: for models trained by gradients)',
    )
    .option('--no-standardise', 'tables: keep the numbers as they are')
    .addOption(
      new Option('--epochs <number>', 'passes over the data, for models trained batch by batch (default: 5)')
        .argParser(positiveNumber)
        .conflicts('steps'),
    )
    .addOption(new Option('--steps <number>', 'optimisation steps instead of epochs').argParser(wholeNumber()))
    .addOption(new Option('--batch <number>', "rows per step (default: the model's)").argParser(wholeNumber()))
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same weights (default: 0)').argParser(wholeNumber(0)),
    )
    .addOption(new Option('--device <name>', 'where to compute (default: cpu)').choices(['cpu', 'webgpu', 'wasm']))
    .addOption(new Option('--threads <number>', 'threads (default: the physical cores)').argParser(wholeNumber()))
    .addOption(
      new Option(
        '--binarise [threshold]',
        'make numbers 0 and 1: 1 above the threshold (default: 0.5), or "draw" each with itself as the probability',
      )
        .argParser(threshold)
        .preset('0.5'),
    )
    .addOption(
      new Option(
        '--validation <split|share>',
        'keep the weights that are best on these rows: valid, test, or a share of the rows such as 0.1',
      ).argParser(validationRows),
    )
    .addOption(
      new Option(
        '--patience <number>',
        'stop after so many looks at the validation rows without a better one',
      ).argParser(wholeNumber()),
    )
    .option('--flip', 'mirror images left to right at random: for photographs, not for digits')
    .option(
      '--shift',
      'move images by up to an eighth of their sides at random: for classifiers, not for models that draw',
    )
    .option('--out <folder>', 'the run folder, a new one (default: runs/<model>-<data>)')
    .addOption(
      new Option('--set <option=value>', 'set an option of the model, see "verisim models <model>"; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--resume <folder>', 'continue an interrupted run, to the same weights as without the interruption')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim train dcgan --data mnist --epochs 5
  $ verisim train dcgan --data ./photos --size 32 --steps 2000 --out runs/photos
  $ verisim train gan --data two-moons --set latentSize=2 --set "generatorLayers=[64,64]"
  $ verisim train gan --data cars.csv --label maker --missing drop
  $ verisim train gaussian-bayes --data mnist --set covarianceFloor=0.05
  $ verisim train made --data binarized-mnist --validation valid --patience 10 --epochs 200
  $ verisim train pixelcnn --data mnist --binarise --set output=binary
  $ verisim train --resume runs/dcgan-mnist
  $ verisim train --resume runs/dcgan-mnist --epochs 10

Ctrl-C stops and saves; --resume goes on to the same weights as without the interruption.
`,
    )
    .action(async (model: string | undefined, options: TrainArguments) => {
      const { train } = await import('./actions/train.js');
      await train(model, options);
    });
}
