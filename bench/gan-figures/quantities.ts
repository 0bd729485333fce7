// What is measured of samples: which way is better, and how it is written.

/** The names of the quantities, as records have them. */
export const quantityNames = [
  'modes',
  'high-quality',
  'conditional-accuracy',
  'intra-class-diversity',
  'pixel-diversity',
  'classes',
  'label-entropy',
  'fid',
] as const;

export type QuantityName = (typeof quantityNames)[number];

/** A quantity of samples. */
export interface Quantity {
  /** What it is, for people. */
  readonly text: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Digits after the point. */
  readonly digits: number;
}

/** Every quantity by its name. */
export const quantities: Readonly<Record<QuantityName, Quantity>> = {
  modes: { text: 'modes with a sample within 3 s', unit: '', better: 'higher', digits: 0 },
  'high-quality': { text: 'samples within 3 s of a mode', unit: '%', better: 'higher', digits: 1 },
  'conditional-accuracy': {
    text: 'samples in which the classifier reads the class that was asked for',
    unit: '%',
    better: 'higher',
    digits: 1,
  },
  'intra-class-diversity': {
    text: "distances of samples of a class, of those of real ones, in the classifier's space",
    unit: '%',
    better: 'higher',
    digits: 1,
  },
  'pixel-diversity': {
    text: 'distances of samples of a class, of those of real ones, in pixels',
    unit: '%',
    better: 'higher',
    digits: 1,
  },
  classes: { text: 'classes read in at least 1 % of the samples', unit: '', better: 'higher', digits: 0 },
  'label-entropy': { text: 'entropy of the classes that are read', unit: 'nats', better: 'higher', digits: 2 },
  fid: {
    text: "Fréchet distance from the test images in the classifier's space",
    unit: '',
    better: 'lower',
    digits: 1,
  },
};

/** The worst of values, for seeds that all have to reach a goal. */
export function worstOf(name: QuantityName, values: readonly number[]): number {
  return quantities[name].better === 'higher' ? Math.min(...values) : Math.max(...values);
}

/** Whether every value reaches the goal. */
export function reachesGoal(name: QuantityName, values: readonly number[], goal: number): boolean {
  const worst = worstOf(name, values);
  return quantities[name].better === 'higher' ? worst >= goal : worst <= goal;
}

/** A value with its unit. */
export function inWords(name: QuantityName, value: number): string {
  const { digits, unit } = quantities[name];
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}
