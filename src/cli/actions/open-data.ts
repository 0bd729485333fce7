// Opening the data that a command names, images brought to a size where one was asked for.
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import {
  binarise,
  type Dataset,
  isImageShape,
  namedDatasets,
  openDataset,
  resizeImages,
  type Split,
  type TableSchema,
} from '../../data/index.js';
import type { RunConfig } from '../../training/node/run-config.js';
import { downloadDisplay } from '../download-display.js';

/** What of the data, and how large. */
export interface DataChoice {
  readonly split?: Split | undefined;
  /** Height and width of images. */
  readonly size?: readonly [height: number, width: number] | undefined;
  /** Numbers above this become 1 and others 0; `draw` draws each with itself as the probability of 1. */
  readonly binarise?: number | 'draw' | undefined;
  /** How a table is read. */
  readonly table?: RunConfig['data']['table'] | undefined;
  /** The table of a model (`model.table`) that the data are for: read with its columns, categories and units. */
  readonly schema?: TableSchema | undefined;
}

/** A data set by name or path. @throws UnknownNameError, DatasetError, FileFormatError, ConfigError for a size of what is no image */
export async function openData(name: string, choice: DataChoice = {}): Promise<Dataset> {
  const { split, size, binarise: how, table, schema } = choice;
  const isNamed = Object.hasOwn(namedDatasets, name);
  const data = await openDataset(name, {
    onDownload: downloadDisplay(name),
    ...present({ ...table, split, schema, size: isNamed ? undefined : size }),
  });
  const sized = size === undefined ? data : resized(data, name, size);
  if (how === undefined) return sized;
  return {
    ...binarise(sized, how === 'draw' ? { seed: 0 } : { threshold: how }),
    ...present({ dispose: closing(data) }),
  };
}

/** The rows that openData gives, unless they are open already: then closing them is left to whoever opened them. @throws as openData */
export async function openOnce(opened: Dataset | undefined, name: string, choice: DataChoice): Promise<Dataset> {
  if (opened === undefined) return openData(name, choice);
  const { dispose: _, ...rows } = opened;
  return rows;
}

function resized(data: Dataset, name: string, size: readonly [height: number, width: number]): Dataset {
  if (!isImageShape(data.exampleShape))
    throw new ConfigError(`--size is for images; the rows of ${name} have shape [${data.exampleShape.join(', ')}].`);
  const [height, width] = data.exampleShape;
  return height === size[0] && width === size[1] ? data : resizeImages(data, size);
}

/** How to close a data set that a view of it stands for. */
function closing(data: Dataset): (() => Promise<void>) | undefined {
  return data.dispose === undefined ? undefined : async () => data.dispose?.();
}
