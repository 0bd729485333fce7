// What "verisim classify" does.
import type { Dataset } from '../../data/index.js';
import { type Confusion, confusion } from '../../metrics/index.js';
import type { HasJointDensity } from '../../models/contract.js';
import { bayesClassifier } from '../../models/tools/bayes-classifier.js';
import { labelsAmong } from '../../models/tools/class-rows.js';
import { type ClassLogProbabilities, mostProbable } from '../../models/tools/posterior.js';
import { quantityNames } from '../../models/tools/score-rows.js';
import type { ClassifyArguments } from '../classify.js';
import { counted } from '../counted.js';
import { rowsDisplay } from '../rows-display.js';
import { textTable } from '../table.js';
import { classifyingModel } from './able-model.js';
import { withRun } from './opened-run.js';
import { checkResultFile, type ResultRows, writeResults } from './result-file.js';

/** What came of classifying rows. */
export interface Classification {
  readonly probabilities: ClassLogProbabilities;
  readonly predictions: Int32Array;
  /** How many rows were called each class, in the order of the classes. */
  readonly counts: readonly number[];
  /** Where the data has labels: the true classes' names, and how often they were met. */
  readonly labels?: readonly string[];
  readonly confusion?: Confusion;
}

/** The most classes whose confusion is shown as text: more do not fit beside each other. */
const mostShown = 12;

export async function classify(folder: string, options: ClassifyArguments): Promise<void> {
  const { out, json } = options;
  checkResultFile(out);
  await withRun(folder, options, classifyingModel, async ({ model, data, title }) => {
    const result = await classifyRows(model, data, rowsDisplay('Classifying'));
    if (out !== undefined) await writeResults(out, resultRows(result));
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ run: folder, model: model.kind, data: title, ...classifyDocument(result), out })}\n`
        : `${classifyText(result, title)}${out === undefined ? '' : `every row  ${out}\n`}`,
    );
  });
}

/** Classifies all rows, and compares with the labels where there are any. @throws DatasetError for labels of quite other classes */
export async function classifyRows(
  model: HasJointDensity,
  data: Dataset,
  onProgress?: (done: number, rows: number) => void,
): Promise<Classification> {
  const probabilities = await bayesClassifier(model).predictLogProba(
    data,
    onProgress === undefined ? {} : { onProgress },
  );
  const predictions = mostProbable(probabilities);
  const counts = new Array<number>(probabilities.classes.length).fill(0);
  for (const label of predictions) counts[label] = (counts[label] ?? 0) + 1;
  if (data.labels === undefined) return { probabilities, predictions, counts };
  const { labels, classes } = await labelsAmong(data, probabilities.classes);
  return {
    probabilities,
    predictions,
    counts,
    labels: Array.from(labels, (label) => classes[label] ?? ''),
    confusion: confusion(labels, predictions, classes),
  };
}

/** What there is to print. */
export function classifyDocument({
  predictions,
  probabilities: { classes },
  counts,
  confusion,
}: Classification): object {
  return {
    rows: predictions.length,
    quantity: 'log-density',
    classes,
    predicted: Object.fromEntries(classes.map((name, label) => [name, counts[label] ?? 0])),
    ...(confusion === undefined
      ? {}
      : {
          accuracy: confusion.accuracy,
          perClass: confusion.perClass.map((one) => ({
            ...one,
            recall: one.recall ?? null,
            precision: one.precision ?? null,
          })),
          confusion: confusion.matrix,
        }),
  };
}

/** The same for people. */
export function classifyText({ predictions, probabilities, counts, confusion }: Classification, title: string): string {
  const data = `data       ${title}: ${counted(predictions.length, 'row')}`;
  if (confusion === undefined) {
    const rows = probabilities.classes.map((name, label) => [name, String(counts[label] ?? 0)]);
    return `${data}, without labels\n\n${textTable(['class', 'rows called so'], rows)}\n`;
  }
  const { accuracy, perClass, matrix } = confusion;
  const right = Math.round(accuracy * predictions.length);
  const shown = perClass.length <= mostShown;
  const matrixHeadings = shown ? perClass.map(({ name }) => name) : [];
  const rows = perClass.map(({ name, rows: count, recall, precision }, label) => [
    name,
    String(count),
    percent(recall),
    percent(precision),
    ...(shown ? (matrix[label] ?? []).map(String) : []),
  ]);
  return (
    `accuracy   ${percent(accuracy)} (${right} of ${predictions.length})\n${data}\nquantity   ${quantityNames['log-density']}\n\n` +
    `${textTable(['class', 'rows', 'recall', 'precision', ...matrixHeadings], rows)}\n` +
    (shown ? '\nEach line: of the rows of a class, how many were called each class.\n' : '')
  );
}

/** One line per row: the class, its probability, and the true class where it is known. */
function resultRows({ predictions, probabilities: { values, classes }, labels }: Classification): ResultRows {
  const predicted = Array.from(predictions, (label) => classes[label] ?? '');
  const probability = Array.from(predictions, (label, row) => Math.exp(values[row * classes.length + label] ?? 0));
  return {
    array: { data: predictions, shape: [predictions.length] },
    columns: { predicted, probability, ...(labels === undefined ? {} : { actual: labels }) },
  };
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(100 * share).toFixed(2)} %`;
}
