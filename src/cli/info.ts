// verisim info: what a run folder or a model holds.
import { Command } from 'commander';

export function infoCommand(): Command {
  return new Command('info')
    .description('Tell what a run or a model is: configuration, data, weights, progress.')
    .argument('<run>', 'a run folder, or a model folder inside one')
    .option('--explain', "print the model's sampling program, operator by operator")
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim info runs/dcgan-mnist
  $ verisim info runs/dcgan-mnist/model --explain
`,
    )
    .action(async (run: string, options: { readonly explain?: boolean; readonly json?: boolean }) => {
      const { info } = await import('./actions/info.js');
      await info(run, options);
    });
}
