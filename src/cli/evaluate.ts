// verisim evaluate: how good a model is.
import { Command, InvalidArgumentError, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface EvaluateArguments extends DataArguments {
  readonly metrics?: readonly string[];
  readonly samples?: number;
  readonly features?: string;
  readonly seed: number;
  readonly cache: boolean;
}

/** Names between commas. */
function names(text: string): readonly string[] {
  const all = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (all.length === 0) throw new InvalidArgumentError('Expected names between commas, such as fid,kid.');
  return all;
}

export function evaluateCommand(): Command {
  return addDataOptions(new Command('evaluate'), '<run>', undefined, {
    data: 'a named data set, or a file or folder (default: what the run was trained on)',
    split: 'which rows to judge by (default: test, or those that the training was validated on)',
  })
    .description(
      'Tell how good a model is: how plausible held-out rows are to it, how real, how varied and how original its samples.',
    )
    .addOption(
      new Option(
        '--metrics <names>',
        'which metrics, between commas (default: all that model and data allow)',
      ).argParser(names),
    )
    .addOption(
      new Option(
        '--samples <number>',
        'how many samples to draw (default: 10000, fewer where that takes more than a minute)',
      ).argParser(wholeNumber()),
    )
    .option(
      '--features <space>',
      'where rows are compared: pixels, pca-50, a classifier such as mnist-classifier, or onnx:<file> (default: by the data)',
    )
    .addOption(new Option('--seed <number>', 'of samples and intervals').argParser(wholeNumber(0)).default(0))
    .option('--no-cache', 'compute statistics of real data anew instead of taking them from the cache folder')
    .option('--json', 'print the evaluation as one JSON document instead of a table')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim evaluate runs/vae-mnist
  $ verisim evaluate runs/dcgan-mnist --metrics fid,kid --samples 2000
  $ verisim evaluate runs/gaussian-mixture-mnist --features pixels --json
`,
    )
    .action(async (run: string, options: EvaluateArguments) => {
      const { evaluateAndPrint } = await import('./actions/evaluate.js');
      await evaluateAndPrint(run, options);
    });
}
