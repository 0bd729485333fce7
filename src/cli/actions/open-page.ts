// Showing a page in the user's browser, where there is a desktop.
import { spawn } from 'node:child_process';

/** The programs that open a file the way its user is used to. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // "start" takes its first quoted argument for a title.
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/** Opens a file where somebody sits in front of a desktop; does nothing elsewhere, and never fails. */
export function openPage(path: string): void {
  const opener = openers[process.platform];
  if (opener === undefined || !hasDesktop(process.env, process.platform)) return;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, path], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

/** Whether there is a desktop to open pages on: not in continuous integration, not over a remote shell. */
export function hasDesktop(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (environment.CI !== undefined || environment.SSH_CONNECTION !== undefined) return false;
  if (platform !== 'linux') return true;
  return environment.DISPLAY !== undefined || environment.WAYLAND_DISPLAY !== undefined;
}
