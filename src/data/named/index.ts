// The table of named data sets. Adding one is adding its file and its line here.
import { adult } from './adult.js';
import { binarizedMnist } from './binarized-mnist.js';
import { cifar10 } from './cifar-10.js';
import { digits } from './digits.js';
import { eightGaussians } from './eight-gaussians.js';
import type { NamedEntry } from './entry.js';
import { freyFaces, olivettiFaces } from './faces.js';
import { fashionMnist } from './fashion-mnist.js';
import { grid25Gaussians } from './grid-25-gaussians.js';
import { ionosphere } from './ionosphere.js';
import { iris } from './iris.js';
import { mnist } from './mnist.js';
import { rings } from './rings.js';
import { swissRoll } from './swiss-roll.js';
import { twoMoons } from './two-moons.js';
import { wine } from './wine.js';

/** Every named data set by its name. */
export const namedDatasets: Readonly<Record<string, NamedEntry>> = Object.fromEntries(
  [
    mnist,
    fashionMnist,
    cifar10,
    binarizedMnist,
    digits,
    freyFaces,
    olivettiFaces,
    iris,
    wine,
    ionosphere,
    adult,
    twoMoons,
    rings,
    eightGaussians,
    grid25Gaussians,
    swissRoll,
  ].map((entry) => [entry.name, entry]),
);
