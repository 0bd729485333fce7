import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasDesktop } from './open-page.js';

test('pages are opened on desktops alone', () => {
  assert.equal(hasDesktop({ DISPLAY: ':0' }, 'linux'), true);
  assert.equal(hasDesktop({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'), true);
  assert.equal(hasDesktop({}, 'linux'), false);
  assert.equal(hasDesktop({}, 'darwin'), true);
  assert.equal(hasDesktop({ CI: 'true' }, 'darwin'), false);
  assert.equal(hasDesktop({ SSH_CONNECTION: '1', DISPLAY: ':0' }, 'linux'), false);
});
