// What "verisim models" does.
import { capabilities } from '../../models/contract.js';
import { describeOptions, optionMeaning } from '../../models/definition.js';
import { modelDefinition, models as table } from '../../models/registry.js';
import { textTable } from '../table.js';

export async function models(kind: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  if (kind !== undefined) {
    const { family, description, paper, schema, create } = modelDefinition(kind);
    const model = create();
    const { defaultBatchSize } = model;
    const options = describeOptions(schema);
    if (json === true)
      process.stdout.write(
        `${JSON.stringify({ kind, family, description, paper, capabilities: abilities(model), options, defaultBatchSize })}\n`,
      );
    else
      process.stdout.write(
        `${kind}: ${description}\n${paper}\n\nOptions, set with --set name=value:\n` +
          `${textTable(
            ['name', 'default', 'meaning'],
            options.map((option) => [option.name, JSON.stringify(option.default), optionMeaning(option)]),
          )}\n${defaultBatchSize === undefined ? '' : `\nRows per step, set with --batch: ${defaultBatchSize}\n`}`,
      );
    return;
  }
  const rows = Object.values(table).map(({ kind: name, family, description, create }) => {
    return { kind: name, family, description, capabilities: abilities(create()) };
  });
  if (json === true) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else
    process.stdout.write(
      `${textTable(
        ['model', 'family', 'can', 'description'],
        rows.map((row) => [row.kind, row.family, row.capabilities.join(', '), row.description]),
      )}\n`,
    );
}

/** What a model can do, by the names of the documentation's matrix. */
function abilities(model: object): string[] {
  return Object.entries(capabilities).flatMap(([capability, has]) => (has(model) ? [capability] : []));
}
