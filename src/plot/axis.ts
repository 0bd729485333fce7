// Axes: from the range of the data to a scale, the places of ticks and the words beside them.
import { scaleLinear, scaleLog } from 'd3-scale';
import { ConfigError } from '../core/errors.js';

/** How an axis maps values to lengths. */
export type AxisScale = 'linear' | 'log';

/** The lowest and the highest value of an axis. */
export type Limits = readonly [low: number, high: number];

/** A labelled place on an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** An axis that has been fitted to data and to a length in pixels. */
export interface Axis {
  /** The pixel of a value. */
  position(value: number): number;
  readonly ticks: readonly Tick[];
  /** Unlabelled places in between; only logarithmic axes have some. */
  readonly minorTicks: readonly number[];
}

/** What an axis is fitted to. */
export interface AxisRequest {
  readonly scale: AxisScale;
  /** The range of the data; undefined where there are none. */
  readonly extent: Limits | undefined;
  /** Limits that the user fixed; they replace the extent. */
  readonly limits: Limits | undefined;
  /** Where the low and the high end lie, in pixels. */
  readonly pixels: Limits;
  /** 'exact': the axis ends where the data end; 'round': at round values beyond. */
  readonly ends: 'exact' | 'round';
  /** About how many ticks there is room for. */
  readonly tickCount: number;
}

/** The axis for a range of data. @throws ConfigError for limits that a scale cannot have */
export function fitAxis(request: AxisRequest): Axis {
  const { limits, scale } = request;
  if (limits !== undefined) {
    const [low, high] = limits;
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new ConfigError(`An axis is limited to [${low}, ${high}]; expected two finite numbers, the lower first.`);
    if (scale === 'log' && low <= 0)
      throw new ConfigError(`A logarithmic axis is limited to [${low}, ${high}]; expected limits above 0.`);
  }
  return scale === 'log' ? logAxis(request) : linearAxis(request);
}

function linearAxis({ extent = [0, 1], limits, pixels, ends, tickCount }: AxisRequest): Axis {
  const [low, high] = limits ?? spread(extent);
  const scale = scaleLinear([low, high], pixels);
  // Round to half the distance of ticks: whole distances can leave nearly a third of the panel empty.
  if (limits === undefined && ends === 'round') scale.nice(2 * tickCount);
  const values = scale.ticks(tickCount);
  const label = linearLabels(values, (specifier) => scale.tickFormat(tickCount, specifier));
  return {
    position: (value) => scale(value),
    ticks: values.map((value) => ({ value, label: label(value) })),
    minorTicks: [],
  };
}

/** Room around a constant, so that it has an axis to lie on; a range within the rounding of its values is constant too. */
function spread([low, high]: Limits): Limits {
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(1e-12 * magnitude, 1e-100)) return [low, high];
  const room = magnitude < 1e-90 ? 1 : magnitude * 0.1;
  return [low - room, high + room];
}

/** Plain numbers where they stay short, 100k and 2M for large ones, powers of ten beyond. */
function linearLabels(
  values: readonly number[],
  format: (specifier?: string) => (value: number) => string,
): (value: number) => string {
  const largest = Math.max(...values.map(Math.abs));
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0));
  const isTiny = largest > 0 && largest < 1e-3;
  if (largest >= 1e9 || isTiny) {
    // Two digits beyond the step's own tell neighbours apart; more would be rounding noise.
    const digits = Math.min(6, Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step || largest))));
    return (value) => scientific(value, digits);
  }
  if (largest >= 1e5) return (value) => (value === 0 ? '0' : format('s')(value));
  return format();
}

function logAxis({ extent = [1, 10], limits, pixels, tickCount }: AxisRequest): Axis {
  const [low, high] = limits ?? spreadFactor(extent);
  const scale = scaleLog([low, high], pixels);
  const position = (value: number): number => scale(value);
  const powers = multiplesOfPowers(low, high, [1]);
  const oneTwoFive = multiplesOfPowers(low, high, [1, 2, 5]);
  const minorTicks = powers.length > 10 ? powers : multiplesOfPowers(low, high, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  if (oneTwoFive.length >= 3 && (oneTwoFive.length <= tickCount + 2 || powers.length < 2))
    return { position, minorTicks, ticks: oneTwoFive.map((value) => ({ value, label: roundLabel(value) })) };
  if (powers.length >= 2) {
    const every = Math.ceil(powers.length / Math.max(2, tickCount));
    const labelled = powers.filter((value) => Math.round(Math.log10(value)) % every === 0);
    return { position, minorTicks, ticks: labelled.map((value) => ({ value, label: scientific(value, 0) })) };
  }
  // Within a fraction of a decade a logarithmic axis is nearly linear, and so are its ticks.
  const { ticks } = linearAxis({ extent, limits: [low, high], pixels, tickCount, scale: 'linear', ends: 'exact' });
  return { position, minorTicks: [], ticks };
}

/** The numbers factor * 10^n from `low` to `high`, in order; factors ascend from 1 to below 10. */
function multiplesOfPowers(low: number, high: number, factors: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low)) - 1;
  const last = Math.ceil(Math.log10(high));
  const exponents = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  // Parsing decimal digits gives 0.001 where 10 ** -3 may be off by a bit.
  const values = exponents.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)));
  return values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/** Five hundredths of the range on both sides, on the logarithmic scale; a factor of two around a constant. */
function spreadFactor([low, high]: Limits): Limits {
  const factor = low < high ? (high / low) ** 0.05 : 2;
  return [low / factor, high * factor];
}

/** A number of one digit: in full where that is short. */
function roundLabel(value: number): string {
  return value >= 1e-3 && value < 1e5
    ? value.toLocaleString('en-US', { maximumFractionDigits: 3 })
    : scientific(value, 0);
}

function scientific(value: number, digits: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  const power = `10${superscript(Number(exponent))}`;
  return mantissa === '1' ? power : `${mantissa.replace('-', '−')}×${power}`;
}

function superscript(exponent: number): string {
  const digits = [...'⁰¹²³⁴⁵⁶⁷⁸⁹'];
  return [...String(exponent)].map((sign) => digits[Number(sign)] ?? '⁻').join('');
}
