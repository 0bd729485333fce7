// verisim models: the kinds of models and their options.
import { Command } from 'commander';

export function modelsCommand(): Command {
  return new Command('models')
    .description('List the kinds of models and what each can do; with a name, its options.')
    .argument('[model]', 'a kind of model')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim models
  $ verisim models dcgan
`,
    )
    .action(async (model: string | undefined, options: { readonly json?: boolean }) => {
      const { models } = await import('./actions/models.js');
      await models(model, options);
    });
}
