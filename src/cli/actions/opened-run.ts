// A fitted model and the data that a command looks at with it, read the way the model's own data were read.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/index.js';
import type { FittableModel } from '../../models/contract.js';
import { load } from '../../models/node/load.js';
import { configFile, type RunConfig, readRunConfig } from '../../training/node/run-config.js';
import type { DataArguments } from '../data-options.js';
import { openData } from './open-data.js';

/** A model and rows for it. */
export interface OpenedRun<Model> {
  readonly model: Model;
  readonly data: Dataset;
  /** What the data are called: the name or path that was given, and the split where one was. */
  readonly title: string;
  /** What the run was trained on; undefined for a model folder, which does not tell. */
  readonly config: RunConfig | undefined;
}

/**
 * Opens a run and data, hands them to `use`, and closes them however that ends.
 *
 * @param folder a run folder, or a model folder
 * @param checked the model as one that can do what is wanted; throws where it cannot, before any data is read
 * @throws RunFolderError, FileFormatError for a folder without a model; ConfigError where no data is named
 * @throws ShapeError for data of other rows than the model was fitted to; what opening the data throws
 */
export async function withRun<Model extends object>(
  folder: string,
  options: DataArguments,
  checked: (model: FittableModel) => FittableModel & Model,
  use: (opened: OpenedRun<FittableModel & Model>) => Promise<void>,
): Promise<void> {
  await withModel(folder, checked, async (model) => {
    const config = existsSync(join(folder, configFile)) ? await readRunConfig(folder) : undefined;
    if (options.data === undefined)
      throw new ConfigError(
        `Name the data to look at, such as --data ${config?.data.name ?? 'mnist'} --split test; "verisim datasets" lists what is known.`,
      );
    const { split } = options;
    const { size, binarise, table } = config?.data ?? {};
    // A table is read as the model's own was: its columns, categories and units.
    const reading =
      model.table === undefined ? {} : { schema: model.table, table: present({ missing: table?.missing }) };
    const data = await openData(options.data, { split, size, binarise, ...reading });
    try {
      if (config !== undefined) checkShape(data, config);
      const title = split === undefined ? options.data : `${options.data}, ${split}`;
      await use({ model, data, title, config });
    } finally {
      await data.dispose?.();
    }
  });
}

/** Opens a run's model, hands it to `use`, and closes it however that ends. @throws as withRun */
export async function withModel<Model extends object>(
  folder: string,
  checked: (model: FittableModel) => FittableModel & Model,
  use: (model: FittableModel & Model) => Promise<void>,
): Promise<void> {
  const model = await load(folder);
  try {
    await use(checked(model));
  } finally {
    await model.dispose();
  }
}

function checkShape(data: Dataset, { data: { name, exampleShape } }: RunConfig): void {
  if (data.exampleShape.join() === exampleShape.join()) return;
  throw new ShapeError(
    `The rows of ${data.name} have shape [${data.exampleShape.join(', ')}], but the model was fitted to rows of ` +
      `[${exampleShape.join(', ')}], from ${name}. Use data of the same kind.`,
  );
}
