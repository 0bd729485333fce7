// The density of one or two columns of numbers: a curve over the data's histogram, or a map with the data as dots.
import type { Dataset } from '../../data/dataset.js';
import { densityChart, densityMap } from '../../plot/index.js';
import { random } from '../../runtime/random.js';
import type { GenerativeModel } from '../contract.js';
import { hasBound, hasDensity, hasJointDensity, type Scorer } from '../tools/abilities.js';
import { quantityNames, scoreRows } from '../tools/score-rows.js';
import { classesOf } from './class-samples-picture.js';
import { type DensityAxis, densityAxes, placesOn } from './density-axis.js';
import type { Picture, PictureRequest } from './draw-pictures.js';

/** Rows of the data that are looked at, and samples where there are no data. */
const mostRows = 10_000;
const sampledRows = 2000;
/** The places at which the density is computed: along one axis, and along each of two. */
const placesOnLine = 400;
const placesOnSide = 100;
/** Curves of more classes could not be told apart. */
const mostClasses = 6;

/** A model of one or two columns of numbers. */
interface Subject {
  readonly model: GenerativeModel & Scorer;
  readonly axes: readonly DensityAxis[];
  readonly title: string;
  /** Whether the values of the axes are data, not samples. */
  readonly hasData: boolean;
}

/** The picture of a density over one or two columns of numbers; none for other rows, and for models without a density over them. */
export async function densityPicture({
  model,
  exampleShape,
  data,
  seed,
  heading,
}: PictureRequest): Promise<readonly Picture[]> {
  const [columns = 0, ...others] = exampleShape;
  if (others.length > 0 || columns < 1 || columns > 2 || !isContinuous(model)) return [];
  const rows = data === undefined ? (await model.sample(sampledRows, { seed })).data : await someRows(data);
  const axes = densityAxes(rows, columns, data?.table ?? model.table);
  if (axes === undefined) return [];
  const title = `${heading}: density`;
  const svg = await (columns === 1 ? line : plane)({ model, axes, title, hasData: data !== undefined });
  return svg === undefined ? [] : [{ name: 'density', title, svg }];
}

/** The curve, and those of the classes where there are some, over a histogram. */
async function line({ model, axes, title, hasData }: Subject): Promise<string | undefined> {
  const [axis] = axes;
  if (axis === undefined) return undefined;
  const x = placesOn(axis, placesOnLine);
  const { values, quantity } = await densitiesAt(model, axes, x);
  if (!values.some((value) => value > 0)) return undefined;
  const name = quantity === 'log-density' ? model.kind : `${model.kind}, ${quantityNames[quantity]}`;
  const rows = axis.values.length;
  return densityChart({
    title,
    caption: hasData ? `bars: histogram of ${rows} rows; marks: rows` : `bars and marks: ${rows} samples`,
    xLabel: axis.label,
    xLimits: axis.limits,
    densities: [{ name, x, y: values }],
    parts: await classCurves(model, axis, x),
    values: axis.values,
  });
}

/** p(x, y) of each class y, which add up to p(x). */
async function classCurves(model: GenerativeModel, axis: DensityAxis, x: Float64Array) {
  const classes = classesOf(model);
  if (!hasJointDensity(model) || classes.length < 2 || classes.length > mostClasses) return [];
  const { values } = await model.jointLogProb(standardised([axis], x));
  return classes.map((name, label) => ({
    name,
    x,
    y: x.map((_, place) => Math.exp(values[place * classes.length + label] ?? 0) / axis.deviation),
  }));
}

/** The map, lowest row first. */
async function plane({ model, axes, title, hasData }: Subject): Promise<string | undefined> {
  const [first, second] = axes;
  if (first === undefined || second === undefined) return undefined;
  const [across, up] = [placesOn(first, placesOnSide), placesOn(second, placesOnSide)];
  const grid = Float64Array.from({ length: 2 * placesOnSide ** 2 }, (_, i) => {
    const cell = Math.floor(i / 2);
    return (i % 2 === 0 ? across[cell % placesOnSide] : up[Math.floor(cell / placesOnSide)]) ?? 0;
  });
  const { values, quantity } = await densitiesAt(model, axes, grid);
  if (!values.some((value) => value > 0)) return undefined;
  const points = Float64Array.from({ length: hasData ? 2 * first.values.length : 0 }, (_, i) =>
    Number((i % 2 === 0 ? first : second).values[Math.floor(i / 2)]),
  );
  return densityMap({
    title: quantity === 'log-density' ? title : `${title}, ${quantityNames[quantity]}`,
    xLabel: first.label,
    yLabel: second.label,
    xLimits: first.limits,
    yLimits: second.limits,
    logDensity: values.map(Math.log),
    columns: placesOnSide,
    points,
  });
}

/** The densities at places [N, axes], in the units of the axes: a density of z = (x - mean) / deviation is one of x after division. */
async function densitiesAt(model: Scorer, axes: readonly DensityAxis[], places: Float64Array) {
  const { values, quantity } = await scoreRows(model, standardised(axes, places));
  const scale = axes.reduce((product, { deviation }) => product * deviation, 1);
  return { values: values.map((value) => Math.exp(value) / scale), quantity };
}

/** Places [N, axes] as the model sees them. */
function standardised(axes: readonly DensityAxis[], places: Float64Array) {
  const data = Float32Array.from(places, (value, i) => {
    const { mean = 0, deviation = 1 } = axes[i % axes.length] ?? {};
    return (value - mean) / deviation;
  });
  return { data, shape: [places.length / axes.length, axes.length] };
}

/** Rows spread over the data at random, always the same ones. */
async function someRows(data: Dataset): Promise<Float32Array> {
  const all = data.length <= mostRows;
  const rows = all
    ? Uint32Array.from({ length: data.length }, (_, row) => row)
    : random(0).split('shown rows').integers(mostRows, 0, data.length).sort();
  return (await data.gather(rows)).x;
}

/** Whether a model has a density, or a bound on one, over the values of rows rather than probabilities of categories. */
function isContinuous(model: GenerativeModel): model is GenerativeModel & Scorer {
  return hasDensity(model) ? model.isDiscrete !== true : hasBound(model);
}
