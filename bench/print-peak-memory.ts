// Preloaded into a command with --import: when the command ends, it tells the most memory it had resident on stderr.
import { peakMegabytes } from './peak-memory.js';

process.on('exit', () => process.stderr.write(`\npeakMB=${peakMegabytes()}\n`));
