// The rows of a tour, which every model of it is trained on.
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/index.js';
import { openData } from './open-data.js';

/** How the user named them and had them read. */
export interface TourData {
  readonly dataName: string;
  readonly size?: readonly [height: number, width: number] | undefined;
  /** The column with the classes of a table. */
  readonly label?: string | undefined;
}

/** Opens them. @throws as openData */
export async function openTourData({ dataName, size, label }: TourData): Promise<Dataset> {
  // All models see the same numbers, those that are fitted in closed form too: only so can they be compared.
  return openData(dataName, { split: 'train', size, table: present({ label, standardise: true }) });
}
