#!/usr/bin/env node
// The command line. Commands are loaded when they are called, so that help and errors come at once.
import { Command, CommanderError } from 'commander';
import { VerisimError } from '../core/errors.js';
import { version } from '../core/version.js';
import { benchCommand } from './bench.js';
import { datasetsCommand } from './datasets.js';
import { exitCodes } from './exit-codes.js';
import { infoCommand } from './info.js';
import { modelsCommand } from './models.js';
import { sampleCommand } from './sample.js';
import { trainCommand } from './train.js';

const program = new Command('verisim')
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
  .exitOverride();

for (const command of [
  trainCommand(),
  sampleCommand(),
  datasetsCommand(),
  modelsCommand(),
  infoCommand(),
  benchCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  else if (error instanceof VerisimError) {
    process.stderr.write(`verisim: ${error.message}\n`);
    process.exitCode =
      error.name === 'ConfigError' || error.name === 'UnknownNameError' ? exitCodes.usage : exitCodes.failure;
  } else {
    process.stderr.write(`verisim: unexpected ${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = exitCodes.failure;
  }
}
