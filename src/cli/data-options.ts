// The options that say which rows a command looks at, the same for all commands that look at data.
import { type Command, Option } from 'commander';

/** Which rows. */
export interface DataArguments {
  readonly data?: string;
  readonly split?: 'train' | 'valid' | 'test';
  readonly json?: boolean;
}

/** What the options mean to a command, where it is not the usual. */
export interface DataMeanings {
  readonly data?: string;
  readonly split?: string;
}

/** Adds the run and the data to a command. */
export function addDataOptions(
  command: Command,
  run = '<run>',
  meaning = 'a run folder, or a model folder inside one',
  {
    data = 'a named data set, see "verisim datasets", or a file or folder',
    split = 'which part of the data (default: train, or all rows of undivided data)',
  }: DataMeanings = {},
): Command {
  return command
    .argument(run, meaning)
    .option('--data <name|path>', data)
    .addOption(new Option('--split <name>', split).choices(['train', 'valid', 'test']));
}
