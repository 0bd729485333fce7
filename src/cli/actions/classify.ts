// What "verisim classify" does.
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/index.js';
import { type Confusion, confusion } from '../../metrics/index.js';
import type { ClassLogProbabilities, HasPosterior } from '../../models/contract.js';
import { hasPosterior } from '../../models/tools/abilities.js';
import { bayesClassifier } from '../../models/tools/bayes-classifier.js';
import { labelsAmong } from '../../models/tools/class-rows.js';
import { mostProbable } from '../../models/tools/posterior.js';
import { type Quantity, quantityNames } from '../../models/tools/score-rows.js';
import type { ClassifyArguments } from '../classify.js';
import { counted } from '../counted.js';
import { rowsDisplay } from '../rows-display.js';
import { textTable } from '../table.js';
import { classifyingModel } from './able-model.js';
import { withClassRuns } from './class-runs.js';
import { type OpenedRun, withRun } from './opened-run.js';
import { checkResultFile, type ResultRows, writeResults } from './result-file.js';

/** What came of classifying rows. */
export interface Classification {
  readonly probabilities: ClassLogProbabilities;
  readonly predictions: Int32Array;
  /** What the probabilities rest on; undefined where they were learnt as such. */
  readonly quantity: Quantity | undefined;
  /** How many rows were called each class, in the order of the classes. */
  readonly counts: readonly number[];
  /** Where the data has labels: the true classes' names, and how often they were met. */
  readonly labels?: readonly string[];
  readonly confusion?: Confusion;
}

/** What tells classes: by Bayes' rule, from some quantity, or as it was learnt. */
type Classifying = HasPosterior & { readonly quantity?: Quantity | undefined };

/** The most classes whose confusion is shown as text: more do not fit beside each other. */
const mostShown = 12;

export async function classify(folders: readonly string[], options: ClassifyArguments): Promise<void> {
  const { out, json, priors } = options;
  checkResultFile(out);
  const [folder = '', ...others] = folders;
  const tell = async (
    classifier: Classifying,
    { data, title }: Pick<OpenedRun<object>, 'data' | 'title'>,
    who: object,
  ): Promise<void> => {
    const result = await classifyRows(classifier, data, rowsDisplay('Classifying'));
    if (out !== undefined) await writeResults(out, resultRows(result));
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ ...who, data: title, ...classifyDocument(result), out })}\n`
        : `${classifyText(result, title)}${out === undefined ? '' : `every row  ${out}\n`}`,
    );
  };
  if (others.length > 0) {
    await withClassRuns(folders, options, async ({ models, runs, ...opened }) => {
      const classifier = bayesClassifier(models, priors === undefined ? {} : { priors });
      await tell(classifier, opened, { runs });
    });
    return;
  }
  if (priors !== undefined)
    throw new ConfigError(
      '--priors is for several runs, one for each class. A model that knows classes has its own: set them with --set priors=uniform when training.',
    );
  await withRun(folder, options, classifyingModel, ({ model, ...opened }) =>
    tell(hasPosterior(model) ? model : bayesClassifier(model), opened, { run: folder, model: model.kind }),
  );
}

/** Classifies all rows, and compares with the labels where there are any. @throws DatasetError for labels of quite other classes */
export async function classifyRows(
  classifier: Classifying,
  data: Dataset,
  onProgress?: (done: number, rows: number) => void,
): Promise<Classification> {
  const probabilities = await classifier.predictLogProba(data, onProgress === undefined ? {} : { onProgress });
  const { quantity } = classifier;
  const predictions = mostProbable(probabilities);
  const counts = new Array<number>(probabilities.classes.length).fill(0);
  for (const label of predictions) counts[label] = (counts[label] ?? 0) + 1;
  if (data.labels === undefined) return { probabilities, predictions, quantity, counts };
  const { labels, classes } = await labelsAmong(data, probabilities.classes);
  return {
    probabilities,
    predictions,
    quantity,
    counts,
    labels: Array.from(labels, (label) => classes[label] ?? ''),
    confusion: confusion(labels, predictions, classes),
  };
}

/** What there is to print. */
export function classifyDocument({
  predictions,
  probabilities: { classes },
  quantity,
  counts,
  confusion,
}: Classification): object {
  return {
    rows: predictions.length,
    quantity,
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
export function classifyText(
  { predictions, probabilities, quantity, counts, confusion }: Classification,
  title: string,
): string {
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
    `accuracy   ${percent(accuracy)} (${right} of ${predictions.length})\n${data}\n` +
    `quantity   ${quantity === undefined ? 'probabilities of classes, learnt as such' : quantityNames[quantity]}\n\n` +
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
