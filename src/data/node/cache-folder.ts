// Where downloaded data sets are kept: the place that each system has for what can be fetched again.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment variables that matter here, such as process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cache folder: $VERISIM_CACHE, else $XDG_CACHE_HOME/verisim, else ~/.cache/verisim (macOS: ~/Library/Caches/verisim;
 * Windows: %LOCALAPPDATA%\verisim\Cache). It may not exist yet.
 */
export function cacheFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { VERISIM_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own !== undefined && own !== '') return own;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'verisim');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'verisim');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'verisim', 'Cache');
  return join(home, '.cache', 'verisim');
}
