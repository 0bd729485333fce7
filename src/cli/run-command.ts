// The commands of the command line, and how one is run. Each is loaded when it is called, so that help and errors come at once.
import { Command, CommanderError } from 'commander';
import { version } from '../core/version.js';
import { anomaliesCommand } from './anomalies.js';
import { benchCommand } from './bench.js';
import { classifyCommand } from './classify.js';
import { compareCommand } from './compare.js';
import { datasetsCommand } from './datasets.js';
import { encodeCommand } from './encode.js';
import { evaluateCommand } from './evaluate.js';
import { exitCodes } from './exit-codes.js';
import { infoCommand } from './info.js';
import { interpolateCommand } from './interpolate.js';
import { modelsCommand } from './models.js';
import { reconstructCommand } from './reconstruct.js';
import { reportError } from './report-error.js';
import { sampleCommand } from './sample.js';
import { scoreCommand } from './score.js';
import { tourCommand } from './tour.js';
import { trainCommand } from './train.js';

/** Runs a command to its end, as `['train', 'dcgan']`. What went wrong is told on standard error and by the process's exit code. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    else process.exitCode = reportError(error);
  }
}

function program(): Command {
  const all = new Command('verisim')
    .description('Learn generative models from data: densities, samples and representations, at native speed.')
    .version(version, '--version')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim train dcgan --data mnist --epochs 5
  $ verisim sample runs/dcgan-mnist --count 64 --seed 1 --out digits.png
  $ verisim info runs/dcgan-mnist
  $ verisim models
`,
    )
    .showSuggestionAfterError()
    .configureOutput({
      // One line, with the same start as all other errors.
      outputError: (text, write) =>
        write(
          `${text
            .replace(/^error: /, 'verisim: ')
            .trimEnd()
            .replaceAll('\n', ' ')}\n`,
        ),
    })
    .exitOverride();
  for (const command of [
    trainCommand(),
    tourCommand(),
    sampleCommand(),
    scoreCommand(),
    classifyCommand(),
    anomaliesCommand(),
    encodeCommand(),
    reconstructCommand(),
    interpolateCommand(),
    evaluateCommand(),
    compareCommand(),
    infoCommand(),
    modelsCommand(),
    datasetsCommand(),
    benchCommand(),
  ])
    all.addCommand(command.copyInheritedSettings(all));
  return all;
}
