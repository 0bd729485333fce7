// Evaluations made by hand, and metrics whose values can be worked out in the head, for tests of reports.
import type { Metric, MetricNeed } from '../../metrics/index.js';
import { type Evaluation, type EvaluationRow, evaluationHead } from '../evaluation.js';
import type { Subject } from '../subject.js';

/** A row of an evaluation. */
export function rowOf(value: number, interval?: [number, number], change: Partial<EvaluationRow> = {}): EvaluationRow {
  return {
    ...{
      metric: 'toy',
      name: 'toy[pixels]',
      title: 'Toy distance',
      topic: 'samples',
      measures: 'How far it is.',
      unit: '',
    },
    ...{ features: 'pixels', value, better: 'lower', reading: `It is ${value} away.`, seconds: 0.1, warnings: [] },
    ...(interval === undefined ? {} : { interval }),
    ...change,
  };
}

/** An evaluation of a model of digits. */
export function evaluationOf(rows: EvaluationRow[], change: Partial<Evaluation> = {}): Evaluation {
  return {
    ...{ ...evaluationHead, made: '2026-01-02T03:04:05.000Z', model: { kind: 'dcgan', options: {} } },
    data: {
      ...{ name: 'mnist', exampleShape: [28, 28, 1], classes: [] },
      training: { split: 'train', rows: 60_000, fingerprint: 'a' },
      heldOut: { split: 'test', rows: 10_000, fingerprint: 'b' },
    },
    ...{ features: 'pixels', samples: 1000, seed: 0, rows, skipped: [], warnings: [] },
    cost: { trainingSeconds: 90, parameters: 1234, trainingMemory: 2 ** 29, samplesPerSecond: 512 },
    ...change,
  };
}

/** A model on a page. */
export function subjectOf(name: string, rows: EvaluationRow[], change: Partial<Subject> = {}): Subject {
  return {
    ...{ name, kind: 'dcgan', description: 'Draws.', paper: 'Somebody 2020, Something' },
    ...{ strengths: 'Is quick.', weaknesses: 'Is <shallow>.', options: { latentSize: 2 } },
    ...{ evaluation: evaluationOf(rows), pictures: {}, capabilities: ['sample', 'decode'] },
    ...change,
  };
}

/** A metric that computes what it is told to, and does nothing else. */
export function toyMetric<Need extends MetricNeed>(
  name: string,
  needs: readonly Need[],
  compute: Metric<Need>['compute'],
  change: Partial<Metric<Need>> = {},
): Metric<Need> {
  return {
    ...{
      name,
      title: `The ${name}`,
      topic: 'samples',
      measures: `The ${name}.`,
      better: 'lower',
      range: [0, 1],
      unit: '',
    },
    ...{ needs, usesFeatures: true, minimumRows: 1, source: 'Nobody', estimateSeconds: () => 0, compute },
    read: ({ value }) => `It is ${value}.`,
    ...change,
  };
}
