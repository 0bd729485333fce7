// The table of named data sets. Adding one is adding its file and its line here.
import { cifar10 } from './cifar-10.js';
import { eightGaussians } from './eight-gaussians.js';
import type { NamedEntry } from './entry.js';
import { fashionMnist } from './fashion-mnist.js';
import { grid25Gaussians } from './grid-25-gaussians.js';
import { mnist } from './mnist.js';
import { rings } from './rings.js';
import { swissRoll } from './swiss-roll.js';
import { twoMoons } from './two-moons.js';

/** Every named data set by its name. */
export const namedDatasets: Readonly<Record<string, NamedEntry>> = Object.fromEntries(
  [mnist, fashionMnist, cifar10, twoMoons, rings, eightGaussians, grid25Gaussians, swissRoll].map((entry) => [
    entry.name,
    entry,
  ]),
);
