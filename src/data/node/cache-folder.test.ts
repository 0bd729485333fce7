import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cacheFolder } from './cache-folder.js';

test('each system has its place, and variables override it', () => {
  assert.equal(cacheFolder({}, 'linux', '/home/a'), join('/home/a', '.cache', 'verisim'));
  assert.equal(cacheFolder({}, 'darwin', '/Users/a'), join('/Users/a', 'Library', 'Caches', 'verisim'));
  assert.equal(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32', 'H'), join('L', 'verisim', 'Cache'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux', '/home/a'), join('/x', 'verisim'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x', VERISIM_CACHE: '/v' }, 'linux', '/home/a'), '/v');
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: '', VERISIM_CACHE: '' }, 'linux', '/home/a'),
    join('/home/a', '.cache', 'verisim'),
  );
});
