// The sheets of images that models of images show: means of classes and of components, centres, principal components.
import { exampleSize, isImageShape } from '../../data/dataset.js';
import type { Portrait, Samples } from '../contract.js';

/** Numbers as models keep them. */
type Numbers = ArrayLike<number | bigint>;

/** The most images on a sheet, and beside each other in a row for each class. */
const mostImages = 100;
const mostColumns = 20;
/** The mean and 29 components: three rows of ten. */
const mostComponents = 29;

/** The mean image of each class; without classes, the mean image. */
export function classMeansPortrait(means: Samples, classes: readonly string[]): Portrait[] {
  const [count = 1, ...exampleShape] = means.shape;
  if (!isImageShape(exampleShape)) return [];
  const shown = Math.min(count, mostImages);
  return [
    {
      name: 'class-means',
      title: classes.length === 0 ? 'mean image' : 'mean image of each class',
      images: pick(means.data, exampleShape, firstPlaces(shown)),
      columns: Math.min(shown, 10),
      ...(classes.length === 0 ? {} : { cellLabels: classes.slice(0, shown) }),
      ...cutCaption(shown, count, 'classes'),
    },
  ];
}

/**
 * The mean images of a mixture's components, the heaviest first, each with its weight.
 *
 * @param means [components, H, W, C]; where there are classes [classes, components, H, W, C]
 * @param weights [components], or [classes, components]
 */
export function componentMeansPortrait(
  means: Numbers,
  weights: Numbers,
  exampleShape: readonly number[],
  classes: readonly string[],
): Portrait[] {
  if (!isImageShape(exampleShape)) return [];
  const groups = Math.max(1, classes.length);
  const components = weights.length / groups;
  const perClass = classes.length > 0;
  const shown = Math.min(components, perClass ? mostColumns : mostImages);
  const shownGroups = Math.min(groups, Math.max(1, Math.floor((2 * mostImages) / shown)));
  const places = firstPlaces(shownGroups).flatMap((group) =>
    heaviestFirst(weights, group * components, components).slice(0, shown),
  );
  return [
    {
      name: 'component-means',
      title: perClass ? 'means of the components of each class' : 'means of the components',
      caption: [
        'below each: its weight',
        ...cut(shown, components, 'components'),
        ...cut(shownGroups, groups, 'classes'),
      ].join('; '),
      images: pick(means, exampleShape, places),
      columns: perClass ? shown : Math.min(shown, 10),
      cellLabels: places.map((place) => percent(Number(weights[place]))),
      ...(perClass ? { rowLabels: classes.slice(0, shownGroups) } : {}),
    },
  ];
}

/** The centres of clusters as images, the largest cluster first, each with its share of the rows. */
export function centresPortrait(centres: Numbers, counts: Numbers, exampleShape: readonly number[]): Portrait[] {
  if (!isImageShape(exampleShape)) return [];
  const rows = Array.from(counts, Number).reduce((a, b) => a + b, 0);
  const shown = Math.min(counts.length, mostImages);
  const places = heaviestFirst(counts, 0, counts.length).slice(0, shown);
  return [
    {
      name: 'centres',
      title: 'centres of the clusters',
      caption: ['below each: its share of the rows', ...cut(shown, counts.length, 'clusters')].join('; '),
      images: pick(centres, exampleShape, places),
      columns: Math.min(shown, 10),
      cellLabels: places.map((place) => percent(Number(counts[place]) / rows)),
    },
  ];
}

/** The mean image and the first principal components, each with its share of the variance. */
export function componentsPortrait(
  mean: Numbers,
  components: Numbers,
  shares: Numbers,
  exampleShape: readonly number[],
): Portrait[] {
  // Directions in transparency cannot be shown.
  if (!isImageShape(exampleShape) || ![1, 3].includes(exampleShape[2])) return [];
  const shown = Math.min(shares.length, mostComponents);
  return [
    {
      name: 'components',
      title: 'mean and principal components',
      caption: [
        'blue below zero, red above; below each: its share of the variance',
        ...cut(shown, shares.length, 'components'),
      ].join('; '),
      images: pick(mean, exampleShape, [0]),
      directions: pick(components, exampleShape, firstPlaces(shown)),
      columns: Math.min(shown + 1, 10),
      cellLabels: ['mean', ...firstPlaces(shown).map((place) => percent(Number(shares[place])))],
    },
  ];
}

/** A share as people read it: 12 %, 3.4 %, 0.05 %. */
function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 9.95 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} %`;
}

function cut(shown: number, all: number, what: string): string[] {
  return shown === all ? [] : [`the first ${shown} of ${all} ${what}`];
}

function cutCaption(shown: number, all: number, what: string): { caption?: string } {
  const [caption] = cut(shown, all, what);
  return caption === undefined ? {} : { caption };
}

function firstPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

function heaviestFirst(weights: Numbers, start: number, count: number): number[] {
  return firstPlaces(count)
    .map((place) => start + place)
    .sort((a, b) => Number(weights[b]) - Number(weights[a]));
}

/** Some of the images, in this order. */
function pick(images: Numbers, exampleShape: readonly number[], places: readonly number[]): Samples {
  const size = exampleSize(exampleShape);
  const data = new Float32Array(places.length * size);
  for (const [index, place] of places.entries())
    for (let i = 0; i < size; i++) data[index * size + i] = Number(images[place * size + i]);
  return { data, shape: [places.length, ...exampleShape] };
}
