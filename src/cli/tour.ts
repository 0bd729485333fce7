// verisim tour: the main job. Trains one model of each kind, or one generator under each objective, on the same data and tells on one page
// what each of them can do.
import { Command, Option } from 'commander';
import { type TourRouteName, tourRouteNames } from '../report/tour/routes/index.js';
import { imageSide, positiveNumber, wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface TourArguments {
  readonly route: TourRouteName;
  /** Default: what the route takes. */
  readonly minutes?: number;
  readonly data: string;
  readonly size?: readonly [height: number, width: number];
  readonly label?: string;
  readonly out?: string;
  readonly seed: number;
  readonly open: boolean;
  readonly json?: boolean;
}

export function tourCommand(): Command {
  return new Command('tour')
    .description(
      'Train seven kinds of models, or one GAN under seven objectives, on the same data; judge them; tell it on one page.',
    )
    .addOption(
      new Option('--route <name>', 'what is compared: kinds of models, or objectives of one pair of networks')
        .choices(tourRouteNames)
        .default('models'),
    )
    .addOption(
      new Option(
        '--minutes <number>',
        'how long it may take in all; more give models more steps, and room for more (default: 6, of objectives 8)',
      ).argParser(positiveNumber),
    )
    .option('--data <name|path>', 'a named data set, see "verisim datasets", or a file or folder', 'mnist')
    .addOption(
      new Option('--size <pixels>', 'bring images to this size, 64 or 48x64 (height x width)').argParser(imageSide),
    )
    .option('--label <column>', 'tables: the column with the classes, by name, or by place from 0, from the end as -1')
    .option('--out <folder>', 'where the runs and the page go (default: runs/tour-<data>, runs/objectives-<data>)')
    .addOption(new Option('--seed <number>', 'of weights, batches and samples').argParser(wholeNumber(0)).default(0))
    .option('--no-open', 'leave the page unopened at the end')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
A tour that was interrupted goes on where it was when the same command is given again.

Examples:
  $ verisim tour
  $ verisim tour --minutes 60
  $ verisim tour --data fashion-mnist --minutes 10
  $ verisim tour --route objectives
  $ verisim tour --route objectives --data eight-gaussians --minutes 4
  $ verisim tour --data photos --size 32
  $ verisim tour --data customers.csv --label segment
`,
    )
    .action(async (options: TourArguments) => {
      const { tour } = await import('./actions/tour.js');
      await tour(options);
    });
}
