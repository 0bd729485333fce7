// A run folder: everything one training produced, readable by other tools and safe against a crash at any moment.
//
//   config.json  metrics.jsonl  timeline.jsonl  samples/  charts/  model/  checkpoint/state.safetensors
//
// Every file is written all or nothing; only metrics.jsonl and timeline.jsonl grow line by line. Their lines of steps after the checkpoint
// are cut off when a run is resumed.
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { makeFolder } from '../../data/node/make-folder.js';
import type { Checkpoint, MetricRow } from '../observer.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { lockFolder } from './folder-lock.js';
import { appendMetrics, metricsFile, rewindMetrics, syncMetrics } from './metrics-file.js';
import { configFile, type RunConfig, readRunConfig, writeRunConfig } from './run-config.js';
import { appendTimeline, readTimeline, rewindTimeline, timelineFile } from './timeline-file.js';

const subfolders = ['samples', 'charts', 'model', 'checkpoint'] as const;

/** An open run folder that this process alone writes to. */
export class RunFolder {
  readonly path: string;
  readonly #release: () => Promise<void>;
  #config: RunConfig;
  /** When this process began, in milliseconds, and the seconds that the training had taken before. */
  readonly #began = performance.now();
  #secondsBefore = 0;

  private constructor(path: string, config: RunConfig, release: () => Promise<void>) {
    this.path = path;
    this.#config = config;
    this.#release = release;
  }

  /** Starts a run. @throws RunFolderError where the folder already holds something, or is in use */
  static async create(path: string, config: RunConfig): Promise<RunFolder> {
    await checkFree(path);
    await makeFolder(path);
    const release = await lockFolder(path);
    try {
      // The configuration first: a crash from here on leaves a run that can be resumed.
      await writeRunConfig(path, config);
      for (const name of subfolders) await makeFolder(join(path, name));
      return new RunFolder(path, config, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Opens a run to continue it. @throws RunFolderError, FileFormatError where it is missing, foreign, damaged or in use */
  static async open(path: string): Promise<RunFolder> {
    await readRunConfig(path);
    const release = await lockFolder(path);
    try {
      for (const name of subfolders) await makeFolder(join(path, name));
      await removeLeftovers(path);
      return new RunFolder(path, await readRunConfig(path), release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  get config(): RunConfig {
    return this.#config;
  }

  /** Replaces the configuration, as when the run is to go on for longer. */
  async configure(config: RunConfig): Promise<void> {
    await writeRunConfig(this.path, config);
    this.#config = config;
  }

  /** The newest checkpoint, or undefined where the run was interrupted before its first. */
  readCheckpoint(): Promise<Checkpoint | undefined> {
    return readCheckpoint(this.path);
  }

  /** Replaces the checkpoint, after the metrics of the steps before it have reached the disk. */
  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await syncMetrics(this.path);
    await writeCheckpoint(this.path, checkpoint);
  }

  async appendMetrics(row: MetricRow): Promise<void> {
    await appendMetrics(this.path, row);
    const seconds = this.#secondsBefore + (performance.now() - this.#began) / 1000;
    // Kilobytes on every system.
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    await appendTimeline(this.path, { step: row.step, seconds: Math.round(seconds * 1000) / 1000, megabytes });
  }

  /** The metrics up to where a checkpoint's open window begins; later ones are removed. Without a checkpoint all are. */
  async rewindMetrics(checkpoint: Checkpoint | undefined): Promise<MetricRow[]> {
    const step = checkpoint === undefined ? 0 : checkpoint.step - checkpoint.window.steps;
    await rewindTimeline(this.path, step);
    this.#secondsBefore = (await readTimeline(this.path)).at(-1)?.seconds ?? 0;
    return rewindMetrics(this.path, step);
  }

  /** Writes a file such as `samples/step-0000100.png`. */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    await writeFileAtomic(join(this.path, name), content);
  }

  /** Takes back a run that has not begun, so that a mistake in its options leaves nothing behind. */
  async discard(): Promise<void> {
    for (const name of [configFile, metricsFile, timelineFile]) await rm(join(this.path, name), { force: true });
    await this.#release();
    // Folders go only while they are empty: whatever somebody else put there stays.
    for (const folder of [...subfolders.map((name) => join(this.path, name)), this.path])
      await rmdir(folder).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#release();
  }
}

/** @throws RunFolderError where a new run cannot be put there, because something is there already */
export async function checkFree(path: string): Promise<void> {
  if (existsSync(join(path, configFile)))
    throw new RunFolderError(
      `${path} already holds a run, which "verisim info ${path}" describes. To continue it: verisim train --resume ${path}. ` +
        `To train anew beside it, add: --out ${freeName(path)}`,
    );
  let names: string[];
  try {
    names = await readdir(path);
  } catch {
    // Nothing there, or nothing that can be listed: creating the folder tells.
    return;
  }
  // A crash between locking a folder and writing its configuration leaves hidden files, which nobody needs.
  if (names.some((name) => !/^\.(lock|config\.json\..*\.tmp$)/.test(name)))
    throw new RunFolderError(`${path} is not empty. Name an empty or a new folder with --out.`);
}

/** A name like this one that nothing has yet. */
function freeName(path: string): string {
  const stem = path.replace(/[\\/]+$/, '');
  for (let number = 2; ; number++) if (!existsSync(`${stem}-${number}`)) return `${stem}-${number}`;
}

/** Removes temporary files of writes that a crash interrupted. Their process is gone: this one holds the lock. */
async function removeLeftovers(path: string): Promise<void> {
  for (const folder of [path, ...subfolders.map((name) => join(path, name))])
    for (const name of await readdir(folder))
      if (/^\..*\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
}
