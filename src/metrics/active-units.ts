// Which numbers of a code say anything about the row. One whose posterior mean is the same for all rows has collapsed to the prior.
//
//   active:  Var_x(E_q[z_j | x]) > 0.01
import { checkFeatures } from './check-inputs.js';
import { counted, numberOf } from './in-words.js';
import type { Metric, MetricValue } from './metric.js';
import { pace } from './pace.js';

const asking = { title: 'Active units', minimumRows: 2 };

/** The variance of a posterior mean over rows from which a number of the code counts as active. */
export const activeVariance = 0.01;

/** A variance of codes beyond this belongs to no code with a standard normal prior. */
const foreignVariance = 4;

/** The numbers of a code that depend on the row. */
export const activeUnits: Metric<'realCodes'> = {
  name: 'active-units',
  title: asking.title,
  topic: 'representation',
  measures:
    'How many numbers of a code depend on the row at all: those whose posterior means vary by more than 0.01 over held-out rows.',
  better: 'higher',
  range: [0, Number.POSITIVE_INFINITY],
  unit: 'units',
  needs: ['realCodes'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source: 'Burda, Grosse and Salakhutdinov 2016, Importance Weighted Autoencoders, section 5.2',
  estimateSeconds: ({ realCodes }) => realCodes.codes.data.length * 50e-9,
  async compute({ realCodes }, options = {}) {
    checkFeatures(asking, { realCodes: realCodes.codes });
    const { data, rows, width } = realCodes.codes;
    const done = pace(options);
    const variances: number[] = [];
    let low = 0;
    let high = 0;
    for (let unit = 0; unit < width; unit++) {
      let mean = 0;
      for (let i = unit; i < data.length; i += width) mean += (data[i] ?? 0) / rows;
      let variance = 0;
      let fourth = 0;
      for (let i = unit; i < data.length; i += width) {
        const square = ((data[i] ?? 0) - mean) ** 2;
        variance += square / rows;
        fourth += square ** 2 / rows;
      }
      variances.push(variance);
      // The standard error of a variance (Wilks 1962): sqrt((m4 - s^4) / N).
      const error = 1.96 * Math.sqrt(Math.max(0, fourth - variance ** 2) / rows);
      if (variance - error > activeVariance) low += 1;
      if (variance + error > activeVariance) high += 1;
      await done((unit + 1) / width);
    }
    return {
      value: variances.filter((variance) => variance > activeVariance).length,
      interval: [low, high],
      details: { units: width, variances },
      ...(Math.max(...variances) > foreignVariance
        ? {
            warnings: [
              'These codes are not on the scale of a standard normal prior, for which the bound of 0.01 was made: take the number with care.',
            ],
          }
        : {}),
    };
  },
  read: ({ value, details }: MetricValue) => {
    const units = numberOf(details, 'units');
    if (value === 0)
      return `None of the ${counted(units, 'number')} of a code depends on the row: the code has collapsed and says nothing.`;
    if (value === units) return `All ${counted(units, 'number')} of a code depend on the row.`;
    return (
      `${value} of the ${counted(units, 'number')} of a code ${value === 1 ? 'depends' : 'depend'} on the row; the others are the same for all ` +
      `rows and could be left out.`
    );
  },
};
