// Running a stage of a tour in a process of its own: all models and their evaluations in one process would hold the memory of all of them.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type StageNews, type StageTask, stageNewsSchema, stopMessage } from './tour-stage-task.js';

const program = fileURLToPath(new URL('./tour-stage-process.js', import.meta.url));

/** How a stage is watched and stopped. */
export interface StageWatching {
  readonly signal: AbortSignal;
  /** Called when the model is trained and about to be judged. */
  readonly onTrained: () => void;
}

/** How a stage ended. */
export type StageEnd = Exclude<StageNews, { type: 'trained' | 'broken' }>;

/**
 * Trains and judges a stage. Its progress goes to standard error, its results to its run folder.
 *
 * @throws Error where the process broke down, or was ended by somebody else
 */
export async function runStage(task: StageTask, { signal, onTrained }: StageWatching): Promise<StageEnd> {
  // Standard output is the tour's own.
  const child = fork(program, { stdio: ['ignore', 2, 2, 'ipc'] });
  const stop = (): void => void (child.connected && child.send(stopMessage));
  const end = (): void => void child.kill('SIGKILL');
  let last: StageNews | undefined;
  child.on('message', (message) => {
    const news = stageNewsSchema.parse(message);
    if (news.type === 'trained') onTrained();
    else last = news;
  });
  // A second Ctrl-C ends the tour at once, and this with it.
  process.once('exit', end);
  try {
    child.send(task);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (...how) => resolve(how));
    });
    if (last === undefined)
      throw new Error(
        `the process of ${task.stage} ended with ${killedBy ?? `exit code ${code}`}, as it does where memory runs out`,
      );
    if (last.type === 'broken') throw Object.assign(new Error(last.why), last.stack && { stack: last.stack });
    if (last.type === 'trained') throw new Error(`the process of ${task.stage} ended before its model was judged`);
    return last;
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', end);
  }
}
