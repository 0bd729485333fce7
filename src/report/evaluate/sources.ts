// Where each input of the metrics comes from: a table of what this model and data allow, and why not, computed when first needed.
import type { Dataset } from '../../data/index.js';
import { isImageShape } from '../../data/index.js';
import type { FeatureRows, ImageRows, LabelledCodes, MetricInputs, MetricNeed } from '../../metrics/index.js';
import type { FittableModel, HasLatent, Samples } from '../../models/contract.js';
import type { FeatureSpace, Features } from '../../models/features/feature-space.js';
import { hasBound, hasDensity, hasEncoder, hasLatent } from '../../models/tools/abilities.js';
import { samplesOf } from '../../models/tools/rows.js';
import { rowLikelihoods, whyNoLikelihoods } from './likelihood-rows.js';
import { once, onceEach } from './once.js';
import { someRows } from './some-rows.js';

/** An input that can be had, or the reason why not. */
export type Source<Input> = { readonly get: () => Promise<Input> } | { readonly why: string };

/** A source of every input, in one feature space. */
export type Sources = { readonly [Need in MetricNeed]: Source<MetricInputs[Need]> } & {
  /** Real rows there are always. */
  readonly training: { readonly get: () => Promise<FeatureRows> };
};

/** What inputs are made from. */
export interface SourceContext {
  readonly model: FittableModel;
  readonly training: Dataset;
  /** Held-out rows, or training rows in their place. */
  readonly real: Dataset;
  /** The samples, drawn when first asked for; absent of models that draw none. */
  readonly drawn: (() => Promise<Samples>) | undefined;
  readonly seed: number;
  /** Seconds that scoring rows may take. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  /** Features of real rows may come from a cache. */
  readonly extractReal: (space: FeatureSpace, data: Dataset, what: string) => Promise<Features>;
  readonly onProgress: (stage: string, share: number) => void;
}

/** Rows whose codes a probe learns from, and rows that are reconstructed. */
const codeRows = 10_000;
const reconstructedRows = 1_000;
const partRows = 500;
const noSamples: Samples = { data: new Float32Array(), shape: [0] };

/** The sources in any feature space; what does not depend on the space is computed once for all. */
export function sourcesIn(context: SourceContext): (space: FeatureSpace) => Sources {
  const { model, training, real, drawn, seed, signal } = context;
  const latent = hasEncoder(model) ? model : undefined;
  const likelihoods = once(() => rowLikelihoods(context));
  const codes = onceEach((which: 'training' | 'real') => {
    const rows = someRows(which === 'training' ? training : real, codeRows, seed);
    return labelledCodes(latent, rows, (share) => context.onProgress(`Encoding ${which} rows`, share), signal);
  });
  const reconstructed = once(() => reconstructions(latent, someRows(real, reconstructedRows, seed), signal));
  const sampleLabels = once(async () => (await drawn?.())?.labels ?? new Int32Array());
  const classes = classNames(model);

  const unlabelled = real.labels === undefined ? 'the data has no labels' : undefined;
  const isOther = training.classes?.join('\n') !== real.classes?.join('\n');
  const otherClasses = isOther ? 'the classes of training and of held-out rows differ' : undefined;
  const noEncoder = hasLatent(model)
    ? `${model.kind} searches for the code of each row, which takes too long for so many`
    : `${model.kind} has no encoder`;
  const withoutCodes = latent === undefined ? noEncoder : (unlabelled ?? otherClasses);
  const noImages = isImageShape(training.exampleShape) ? undefined : 'the rows are no images';
  const withoutRows = latent === undefined ? noEncoder : noImages;
  const withoutSamples = drawn === undefined ? `${model.kind} draws no rows` : undefined;
  const isScoring = hasDensity(model) || hasBound(model);

  return (space) => {
    const features = onceEach(async (which: 'real' | 'training' | 'samples'): Promise<Features> => {
      const onProgress = (done: number, rows: number): void =>
        context.onProgress(`Looking at ${which} rows in ${space.name}`, done / rows);
      if (which === 'samples')
        return space.extract((await drawn?.()) ?? noSamples, {
          onProgress,
          ...(signal === undefined ? {} : { signal }),
        });
      return context.extractReal(space, which === 'real' ? real : training, which);
    });
    const rowsOf = (which: 'real' | 'training' | 'samples') => async (): Promise<FeatureRows> => features(which);
    const classesOf = (which: 'real' | 'samples') => async () => {
      const { classes: probabilities } = await features(which);
      return probabilities ?? { data: new Float32Array(), rows: 0, classes: 0 };
    };
    const noClassifier = space.classes === undefined ? `the feature space ${space.name} has no classifier` : undefined;
    return {
      real: { get: rowsOf('real') },
      samples: source(withoutSamples, rowsOf('samples')),
      training: { get: rowsOf('training') },
      realLabels: source(unlabelled, async () => real.labels ?? new Int32Array()),
      sampleLabels: source(withoutSamples ?? unlabelledSamples(model, classes, real), sampleLabels),
      sampleClasses: source(withoutSamples ?? noClassifier, classesOf('samples')),
      realClasses: source(noClassifier, classesOf('real')),
      likelihoods: source(
        isScoring ? whyNoLikelihoods(model, training) : `${model.kind} has no density, nor a bound on one`,
        likelihoods,
      ),
      trainingCodes: source(withoutCodes, () => codes('training')),
      realCodes: source(withoutCodes, () => codes('real')),
      originals: source(withoutRows, async () => (await reconstructed()).originals),
      reconstructions: source(withoutRows, async () => (await reconstructed()).reconstructions),
    };
  };
}

function source<Input>(why: string | undefined, get: () => Promise<Input>): Source<Input> {
  return why === undefined ? { get } : { why };
}

/** The classes that a model can be asked for, none where it knows none. */
function classNames(model: object): readonly string[] {
  return 'labels' in model && Array.isArray(model.labels) ? model.labels.map(String) : [];
}

/** Why the classes of samples are not known, or cannot be compared with those of the data. */
function unlabelledSamples(
  { kind }: FittableModel,
  classes: readonly string[],
  { classes: names = [], labels }: Dataset,
): string | undefined {
  if (classes.length === 0) return `this ${kind} draws rows without classes`;
  if (labels === undefined) return 'the data has no labels';
  return classes.join('\n') === names.join('\n') ? undefined : 'the classes of the model and of the data differ';
}

async function labelledCodes(
  model: HasLatent | undefined,
  data: Dataset,
  onProgress: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<LabelledCodes> {
  const parts: Float32Array[] = [];
  let width = 0;
  for (let first = 0; first < data.length; first += partRows) {
    signal?.throwIfAborted();
    const rows = await rowsFrom(data, first);
    const { data: codes, shape } = (await model?.encode(rows)) ?? { data: new Float32Array(), shape: [0] };
    width = shape.slice(1).reduce((product, size) => product * size, 1);
    parts.push(codes);
    onProgress(Math.min(1, (first + partRows) / data.length));
  }
  const codes = { data: concatenated(parts), rows: data.length, width };
  return { codes, labels: data.labels ?? new Int32Array() };
}

async function reconstructions(
  model: HasLatent | undefined,
  data: Dataset,
  signal: AbortSignal | undefined,
): Promise<Pick<MetricInputs, 'originals' | 'reconstructions'>> {
  const [height = 1, width = 1, channels = 1] = data.exampleShape;
  const [before, after]: [Float32Array[], Float32Array[]] = [[], []];
  for (let first = 0; first < data.length; first += partRows) {
    signal?.throwIfAborted();
    const rows = await rowsFrom(data, first);
    before.push(rows.data);
    after.push((await model?.reconstruct(rows))?.data ?? rows.data);
  }
  const images = (parts: readonly Float32Array[]): ImageRows => ({
    data: concatenated(parts),
    shape: [data.length, height, width, channels],
  });
  return { originals: images(before), reconstructions: images(after) };
}

function rowsFrom(data: Dataset, first: number): Promise<Samples> {
  const count = Math.min(partRows, data.length - first);
  return samplesOf(
    data,
    Uint32Array.from({ length: count }, (_, row) => first + row),
  );
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
