// The options that say which rows a command looks at, the same for all commands that look at data.
import { type Command, Option } from 'commander';

/** Which rows. */
export interface DataArguments {
  readonly data?: string;
  readonly split?: 'train' | 'valid' | 'test';
  readonly json?: boolean;
}

/** Adds the run and the data to a command. */
export function addDataOptions(
  command: Command,
  run = '<run>',
  meaning = 'a run folder, or a model folder inside one',
): Command {
  return command
    .argument(run, meaning)
    .option('--data <name|path>', 'a named data set, see "verisim datasets", or a file or folder')
    .addOption(
      new Option('--split <name>', 'which part of the data (default: train, or all rows of undivided data)').choices([
        'train',
        'valid',
        'test',
      ]),
    );
}
