// verisim datasets: the named data sets and where each is or would come from.
import { Command } from 'commander';

export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('List the named data sets: size, licence, where each was found or would come from.')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim datasets
  $ verisim datasets --json     also tells folders and addresses
`,
    )
    .action(async (options: { readonly json?: boolean }) => {
      const { datasets } = await import('./actions/datasets.js');
      await datasets(options);
    });
}
