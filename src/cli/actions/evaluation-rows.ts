// The rows that a run is evaluated by: those it was trained on, and held-out ones that it was not.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, hasTestRows } from '../../data/index.js';
import { fingerprint } from '../../data/node/fingerprint.js';
import type { FittableModel } from '../../models/contract.js';
import type { EvaluationData } from '../../report/evaluate/evaluate.js';
import type { RunConfig } from '../../training/node/run-config.js';
import type { DataArguments } from '../data-options.js';
import { type DataChoice, openData, openOnce } from './open-data.js';
import { trainingRows } from './validation-rows.js';

/** Rows to evaluate by. */
export interface EvaluationRows extends EvaluationData {
  /** What looks wrong with them. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens them: from what the run recorded, as far as nothing else is said.
 *
 * @param opened the rows that the run was trained on, where they are open already
 * @throws ConfigError where a model folder's data are not named; ShapeError for data of other rows; what opening the data throws
 */
export async function evaluationRows(
  model: FittableModel,
  config: RunConfig | undefined,
  { data: name, split }: Pick<DataArguments, 'data' | 'split'>,
  opened?: Dataset,
): Promise<EvaluationRows> {
  const trained = config?.data.name ?? name;
  if (trained === undefined)
    throw new ConfigError(
      'This is a model folder, which does not tell what it was trained on. Name the data, such as --data mnist, or give the run folder.',
    );
  const { size, binarise, table } = config?.data ?? {};
  const opening: DataChoice = present({ size, binarise, table });
  const all = await openOnce(opened, trained, { split: 'train', ...opening });
  const closing: (() => Promise<void>)[] = [async () => all.dispose?.()];
  const close = async (): Promise<void> => {
    for (const one of closing.reverse()) await one();
  };
  try {
    const warnings: string[] = [];
    if (config !== undefined) {
      checkShape(all.name, all.exampleShape, config);
      if ((await fingerprint(all)) !== config.data.fingerprint)
        warnings.push(`${trained} has other values than when the model was trained: copies are looked for in vain.`);
    }
    const { validation: choice, seed } = { ...config?.training };
    const parts = await trainingRows(all, typeof choice === 'number' ? choice : undefined, trained, opening, seed ?? 0);
    const heldOutName = name ?? trained;
    const heldOutSplit = split ?? ((await hasTestRows(heldOutName)) ? 'test' : undefined);
    // A table is read as the model's own was: its columns, categories and units.
    const reading =
      model.table === undefined ? {} : { table: present({ missing: table?.missing }), schema: model.table };
    const isOther = name !== undefined && name !== config?.data.name && config !== undefined;
    if (heldOutSplit === undefined && !isOther)
      return { training: parts.rows, heldOut: parts.validation, heldOutSplit: 'validation', warnings, close };
    const heldOut = await openData(heldOutName, { ...opening, ...reading, ...present({ split: heldOutSplit }) });
    closing.push(async () => heldOut.dispose?.());
    return { training: parts.rows, heldOut, heldOutSplit: heldOutSplit ?? 'all rows', warnings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkShape(name: string, exampleShape: readonly number[], { data: recorded }: RunConfig): void {
  if (exampleShape.join() === recorded.exampleShape.join()) return;
  throw new ShapeError(
    `The rows of ${name} have shape [${exampleShape.join(', ')}], but the model was fitted to rows of ` +
      `[${recorded.exampleShape.join(', ')}], from ${recorded.name}. Use data of the same kind.`,
  );
}
