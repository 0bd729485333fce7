// A run folder: everything one training produced, readable by other tools and safe against a crash at any moment.
//
//   config.json  metrics.jsonl  samples/  charts/  model/  checkpoint/state.safetensors
//
// Every file is written all or nothing. The checkpoint is a single file, so that it is always of one moment; the metrics of steps
// after it are cut off when a run is resumed.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FileFormatError, RunFolderError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { writeError } from '../../data/node/file-errors.js';
import type { Checkpoint, MetricRow } from '../observer.js';
import { valuesFromSafetensors, valuesToSafetensors } from '../state-file.js';
import { lockFolder } from './folder-lock.js';

/** What a run was asked to do: everything needed to do it again. */
export interface RunConfig {
  readonly model: string;
  /** The model's options, defaults filled in. */
  readonly options: object;
  readonly training: {
    readonly epochs?: number | undefined;
    readonly steps?: number | undefined;
    readonly batchSize?: number | undefined;
    readonly seed: number;
    readonly device: string;
    readonly threads?: number | undefined;
  };
  readonly data: {
    readonly name: string;
    readonly split: string;
    readonly length: number;
    readonly exampleShape: readonly number[];
    readonly classes: readonly string[];
    readonly source: object;
  };
  readonly versions: Readonly<Record<string, string>>;
}

const configSchema = z.looseObject({
  format: z.literal('verisim-run'),
  model: z.string(),
  options: z.looseObject({}),
  training: z.looseObject({
    epochs: z.number().optional(),
    steps: z.number().optional(),
    batchSize: z.number().optional(),
    seed: z.number(),
    device: z.string(),
    threads: z.number().optional(),
  }),
  data: z.looseObject({
    name: z.string(),
    split: z.string(),
    length: z.number(),
    exampleShape: z.array(z.number()),
    classes: z.array(z.string()),
    source: z.looseObject({}),
  }),
  versions: z.record(z.string(), z.string()),
});

const configFile = 'config.json';
const metricsFile = 'metrics.jsonl';
const checkpointFile = join('checkpoint', 'state.safetensors');

/** An open run folder that this process alone writes to. */
export class RunFolder {
  readonly path: string;
  readonly config: RunConfig;
  readonly #release: () => Promise<void>;

  private constructor(path: string, config: RunConfig, release: () => Promise<void>) {
    this.path = path;
    this.config = config;
    this.#release = release;
  }

  /** Starts a run. @throws RunFolderError where the folder already holds something, or is in use */
  static async create(path: string, config: RunConfig): Promise<RunFolder> {
    if (existsSync(join(path, configFile)))
      throw new RunFolderError(
        `${path} already holds a run. Name another folder with --out, continue it with --resume ${path}, or remove it.`,
      );
    if (existsSync(path) && (await readdir(path)).length > 0)
      throw new RunFolderError(`${path} is not empty. Name an empty or a new folder with --out.`);
    await makeFolder(path);
    const release = await lockFolder(path);
    for (const name of ['samples', 'charts', 'model', 'checkpoint']) await makeFolder(join(path, name));
    await writeFileAtomic(
      join(path, configFile),
      `${JSON.stringify({ format: 'verisim-run', ...config }, undefined, 2)}\n`,
    );
    return new RunFolder(path, config, release);
  }

  /** Opens a run to continue it. @throws RunFolderError, FileFormatError where it is missing, foreign, damaged or in use */
  static async open(path: string): Promise<RunFolder> {
    const config = await readRunConfig(path);
    return new RunFolder(path, config, await lockFolder(path));
  }

  /** The newest checkpoint, or undefined where the run was interrupted before its first. */
  async readCheckpoint(): Promise<Checkpoint | undefined> {
    const path = join(this.path, checkpointFile);
    if (!existsSync(path)) return undefined;
    const { values, metadata } = valuesFromSafetensors(await readFile(path), path);
    const step = Number(metadata.step);
    if (metadata.format !== 'verisim-checkpoint' || !Number.isInteger(step) || step < 0)
      throw new FileFormatError(path, 'is no checkpoint of a training.');
    return { step, variables: values };
  }

  async writeCheckpoint({ step, variables }: Checkpoint): Promise<void> {
    const bytes = valuesToSafetensors(variables, { format: 'verisim-checkpoint', step: String(step) });
    await writeFileAtomic(join(this.path, checkpointFile), bytes);
  }

  /** Adds rows of metrics, one line each. */
  async appendMetrics(rows: readonly MetricRow[]): Promise<void> {
    if (rows.length === 0) return;
    const path = join(this.path, metricsFile);
    try {
      await appendFile(path, rows.map((row) => `${JSON.stringify(metricLine(row))}\n`).join(''));
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** The metrics up to a step; later ones, and a line that a crash cut short, are removed from the file. */
  async rewindMetrics(step: number): Promise<MetricRow[]> {
    const rows = (await readMetrics(this.path)).filter((row) => row.step <= step);
    await writeFileAtomic(
      join(this.path, metricsFile),
      rows.map((row) => `${JSON.stringify(metricLine(row))}\n`).join(''),
    );
    return rows;
  }

  /** Writes a file such as `samples/step-000100.png`. */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    await writeFileAtomic(join(this.path, name), content);
  }

  async close(): Promise<void> {
    await this.#release();
  }
}

/** The configuration of a run. @throws RunFolderError, FileFormatError */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, configFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new RunFolderError(
      `${folder} is no run folder: it has no ${configFile}. Runs are made by "verisim train"; look in runs/.`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new FileFormatError(
      path,
      `is no JSON (${error instanceof Error ? error.message : error}). It may have been edited or truncated.`,
    );
  }
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FileFormatError(
      path,
      `is no configuration of a Verisim run: ${issue?.path.join('.') || 'it'}: ${issue?.message}.`,
    );
  }
  return parsed.data;
}

const metricSchema = z.looseObject({ step: z.number(), epoch: z.number() });

/** The rows of metrics of a run; lines that are not whole are left out. */
export async function readMetrics(folder: string): Promise<MetricRow[]> {
  const path = join(folder, metricsFile);
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const row = metricSchema.safeParse(tryJson(line));
    if (!row.success) return [];
    const { step, epoch, ...rest } = row.data;
    const metrics = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, Number(value ?? Number.NaN)]),
    );
    return [{ step, epoch, metrics }];
  });
}

function metricLine({ step, epoch, metrics }: MetricRow): object {
  return { step, epoch: Number(epoch.toFixed(4)), ...metrics };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw writeError(path, error);
  }
}
