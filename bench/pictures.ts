// Makes the pictures of docs/pictures.md anew, by the commands that stand there.
//   node dist/bench/pictures.js [part of a file name ...]     writes docs/images/; `npm run docs` writes the page
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeFileAtomic } from '../src/data/index.js';
import { svgToPng } from '../src/plot/index.js';
import { gallery } from './gallery.js';
import { smallPng } from './small-png.js';

const cli = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'verisim-pictures-'));
try {
  for (const [index, { command, pictures }] of gallery.entries()) {
    const chosen = pictures.filter(({ file }) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
    if (chosen.length === 0) continue;
    const out = join(folder, String(index));
    await promisify(execFile)(process.execPath, [cli, ...command, '--out', out]);
    for (const { chart, file } of chosen) {
      const svg = await readFile(join(out, 'charts', `${chart}.svg`), 'utf8');
      // Pixels of images are drawn at whole sizes; curves and text gain from more. 128 colours are enough for both, and 16 for a
      // sheet of hundreds of images, whose noise would take most of the file.
      const png = await svgToPng(svg, { scale: ['density', 'codes'].includes(chart) ? 1.5 : 1 });
      const small = await smallPng(png, chart === 'latent-grid' ? 16 : 128);
      await writeFileAtomic(join('docs', 'images', file), small);
      process.stderr.write(`docs/images/${file}: ${small.length} bytes\n`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
