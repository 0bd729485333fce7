#!/usr/bin/env node
// The program.
import { runCommand } from './run-command.js';

// A reader that has seen enough (verisim models | head -1), or a terminal that was closed, is no failure of the command.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

await runCommand(process.argv.slice(2));
