// Makes "npx verisim" work inside this repository: npm links the commands of dependencies, not those of the package itself.
//   node scripts/link-bin.mjs     after every build
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const main = resolve('dist', 'src', 'cli', 'main.js');
const folder = resolve('node_modules', '.bin');
if (existsSync(main) && existsSync(resolve('node_modules'))) {
  mkdirSync(folder, { recursive: true });
  chmodSync(main, 0o755);
  const link = join(folder, 'verisim');
  rmSync(link, { force: true });
  if (process.platform === 'win32') writeFileSync(`${link}.cmd`, `@node "${main}" %*\r\n`);
  else symlinkSync(relative(folder, main), link);
}
