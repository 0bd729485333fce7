// Runs a page of compiled modules in a headless Chromium: a tiny server that resolves the names of packages, as bundlers do, and
// takes the page's report.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: compiled files lie in dist/src/runtime/testing. */
const project = fileURLToPath(new URL('../../../../', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** A page whose module does not even load reports that, too. */
const pageStart = `<!doctype html><script>addEventListener('error', ({ message }) =>
  fetch('/report', { method: 'POST', body: JSON.stringify({ error: message }) }));</script>`;

/** Where Chromium is, if it is installed: $CHROME_PATH, or the usual places. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return [process.env.CHROME_PATH ?? '', ...names.map((name) => `/usr/bin/${name}`)].find(
    (path) => path !== '' && existsSync(path),
  );
}

/** How a page is run. */
export interface PageOptions {
  readonly chromium: string;
  /** The page's module, from the project's folder. */
  readonly script: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether the page is served with the headers that give it threads. */
  readonly isIsolated: boolean;
  readonly flags?: readonly string[];
  readonly timeoutMilliseconds: number;
}

/** Runs a page and returns the JSON text that it posts to /report. @throws Error where it does not in time */
export async function runPage(options: PageOptions): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'verisim-chromium-'));
  let browser: ChildProcess | undefined;
  let server: Server | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const requests: string[] = [];
      timer = setTimeout(
        () => reject(new Error(`The page did not report in time. Its last requests: ${requests.slice(-3).join(' ')}`)),
        options.timeoutMilliseconds,
      );
      server = serve(options, resolve, requests).listen(0, '127.0.0.1', () => {
        const address = server?.address();
        const port = isAddress(address) ? address.port : 0;
        const flags = ['--headless=new', '--no-sandbox', '--no-first-run', `--user-data-dir=${profile}`];
        const url = `http://127.0.0.1:${port}/?${new URLSearchParams(options.query)}`;
        browser = spawn(options.chromium, [...flags, ...(options.flags ?? []), url], { stdio: 'ignore' });
        browser.on('error', reject);
        browser.on('exit', (code) => reject(new Error(`The browser ended with exit code ${code}.`)));
      });
    });
  } finally {
    clearTimeout(timer);
    server?.closeAllConnections();
    server?.close();
    await ended(browser);
    // Its helper processes may write for a moment longer than it lives itself.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function serve({ script, isIsolated }: PageOptions, report: (text: string) => void, requests: string[]): Server {
  const headers = isIsolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const send = (response: ServerResponse, type: string, body: string | Buffer) =>
    response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
  return createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push(path);
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        send(response, 'text/plain', 'ok');
        report(body);
      });
      return;
    }
    if (path === sep) {
      send(response, 'text/html', `${pageStart}<script type="module" src="/${script}"></script>`);
      return;
    }
    const type = types[extname(path)];
    const file = join(project, path);
    if (type === undefined || !existsSync(file)) response.writeHead(404).end();
    else send(response, type, path.startsWith('/dist/') ? resolveImports(file) : readFileSync(file));
  });
}

/** A compiled module with the names of packages replaced by the addresses of their files. */
function resolveImports(file: string): string {
  return readFileSync(file, 'utf8').replace(
    /(\bfrom |\bimport\(|\bimport )(['"])([^'"./][^'"]*)\2/g,
    (_, before: string, _quote: string, name: string) => `${before}'${packageAddress(name)}'`,
  );
}

function packageAddress(specifier: string): string {
  const resolved = import.meta.resolve(specifier);
  const inside = resolved.slice(resolved.lastIndexOf('/node_modules/'));
  // A package that is not split by conditions names its browser-ready file in `module`.
  const folder = `/node_modules/${specifier.split('/')[0]}`;
  const manifest = join(project, folder, 'package.json');
  if (!existsSync(manifest)) return inside;
  const { exports, module } = JSON.parse(readFileSync(manifest, 'utf8'));
  return exports === undefined && typeof module === 'string' ? join(folder, module) : inside;
}

function isAddress(address: AddressInfo | string | null | undefined): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function ended(browser: ChildProcess | undefined): Promise<void> {
  if (browser === undefined || browser.exitCode !== null || browser.pid === undefined) return;
  await new Promise((resolve) => {
    browser.removeAllListeners('exit');
    browser.on('exit', resolve);
    browser.kill();
  });
}
