// A temporary folder to run commands in, with small data made on the spot.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';
import { writeNpy } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { type CliOptions, type CliResult, runCli, sharedCli } from './run-cli.js';

/** Options that make a gan so small that a step takes no time. */
export const tinyGan = [
  '--set',
  'latentSize=2',
  '--set',
  'generatorLayers=[8]',
  '--set',
  'discriminatorLayers=[8]',
] as const;

/** A folder and the command line in it. */
export interface Workplace {
  readonly folder: string;
  path(...parts: readonly string[]): string;
  /** Runs a command in the process of all commands of this place. */
  run(args: readonly string[]): Promise<CliResult>;
  /** Runs a command in a process of its own. */
  runAlone(args: readonly string[], options?: Omit<CliOptions, 'cwd'>): Promise<CliResult>;
  /** Writes points.npy, [rows, 2] numbers from N(0, 1). */
  writePoints(rows: number): Promise<string>;
  /** Writes a folder of PNG files of random sizes' worth of noise. */
  writeImages(name: string, sizes: readonly (readonly [width: number, height: number])[]): Promise<string>;
}

/**
 * A folder that is removed after the tests of the file.
 *
 * @param hasCache whether its commands keep what they cache in the folder, too
 */
export async function workplace({ hasCache = false } = {}): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-cli-'));
  const path = (...parts: readonly string[]) => join(folder, ...parts);
  const shared = sharedCli(hasCache ? { VERISIM_CACHE: path('cache') } : {});
  after(() => {
    shared.close();
    return rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    path,
    run: (args) => shared.run(args, folder),
    runAlone: (args, options) => runCli(args, { ...options, cwd: folder }),
    async writePoints(rows) {
      await writeFile(path('points.npy'), writeNpy({ data: random(1).normal(2 * rows), shape: [rows, 2] }));
      return 'points.npy';
    },
    async writeImages(name, sizes) {
      await mkdir(path(name), { recursive: true });
      for (const [index, [width, height]] of sizes.entries()) {
        const pixels = Uint8Array.from(random(index).integers(width * height * 3, 0, 256));
        await sharp(pixels, { raw: { width, height, channels: 3 } })
          .png()
          .toFile(path(name, `${index}.png`));
      }
      return name;
    },
  };
}
