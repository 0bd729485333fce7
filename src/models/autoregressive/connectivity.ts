// Who may see whom in a masked network (Germain et al. 2015, section 3): every number has a place in an order, every hidden unit a degree.
// A unit of degree m sees the numbers at places 0 to m and units of degree m or less; the conditional of the number at place t sees
// units of degree below t. So it depends on the numbers at places before t, and on nothing else.
import { type Random, random } from '../../runtime/random.js';

/** One order of the numbers, and the degrees of the units. */
export interface Connectivity {
  /** The number at each place of the order. */
  readonly order: Uint32Array;
  /** The place of each number: the inverse of the order. */
  readonly places: Uint32Array;
  /** The degree of each unit, by layer; from 0 to size - 2. */
  readonly degrees: readonly Uint32Array[];
}

/** What connectivities are drawn for. */
export interface ConnectivityOptions {
  /** Numbers in a row. */
  readonly size: number;
  /** Units of each hidden layer. */
  readonly hiddenLayers: readonly number[];
  /** How many connectivities. */
  readonly masks: number;
  /** How many different orders they have: connectivity i has order i modulo this. */
  readonly orderings: number;
  /** Whether the first order is that of the row, or random as all others. */
  readonly order: 'raster' | 'random';
  readonly seed: number;
}

/** Connectivities that the options alone determine. The units of the first stand in the order of their degrees. */
export function connectivities(options: ConnectivityOptions): Connectivity[] {
  const { size, hiddenLayers, masks, orderings, order, seed } = options;
  const stream = random(seed).split('connectivity');
  const orders = Array.from({ length: orderings }, (_, index) =>
    index === 0 ? orderOf(size, order, seed) : stream.split('order').split(index).permutation(size),
  );
  return Array.from({ length: masks }, (_, mask) => {
    const own = orders[mask % orderings] ?? new Uint32Array();
    return {
      order: own,
      places: inverse(own),
      degrees: hiddenLayers.map((units, layer) =>
        mask === 0 ? evenDegrees(units, size) : shuffled(evenDegrees(units, size), stream.split(mask).split(layer)),
      ),
    };
  });
}

/** Degrees from 0 to size - 2, each about as often as any other, so that no mask leaves a place without units by chance. */
function evenDegrees(units: number, size: number): Uint32Array {
  return Uint32Array.from({ length: units }, (_, unit) => Math.floor((unit * Math.max(1, size - 1)) / units));
}

function shuffled(values: Uint32Array, stream: Random): Uint32Array {
  return stream.permutation(values.length).map((from) => values[from] ?? 0);
}

/** The number at each place: as the numbers stand in the row, or in a random order that the seed determines. */
export function orderOf(size: number, order: ConnectivityOptions['order'], seed: number): Uint32Array {
  return order === 'raster'
    ? Uint32Array.from({ length: size }, (_, number) => number)
    : random(seed).split('order').permutation(size);
}

/** The permutation that undoes another. */
export function inverse(permutation: Uint32Array): Uint32Array {
  const result = new Uint32Array(permutation.length);
  for (const [place, number] of permutation.entries()) result[number] = place;
  return result;
}
