// The process of one stage of a tour: trains and judges one model, tells how that went, and ends, so that all memory it held is free again.
import { VerisimError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { tourRoutes } from '../../report/tour/routes/index.js';
import { openTourData } from './tour-data.js';
import { type StageNews, type StageTask, stageTaskSchema, stopMessage } from './tour-stage-task.js';

const stop = new AbortController();
// Ctrl-C reaches all processes of a terminal; the tour's process decides what becomes of it, and says so.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// Without a tour to tell there is nothing to do.
process.on('disconnect', () => process.exit());
process.once('message', (first) => {
  process.on('message', (message) => {
    if (message === stopMessage) stop.abort();
  });
  void work(first).then((last) => process.send?.(last, () => process.disconnect()));
});

async function work(message: unknown): Promise<StageNews> {
  try {
    return await trainAndJudge(stageTaskSchema.parse(message));
  } catch (error) {
    if (stop.signal.aborted) return { type: 'interrupted' };
    // What one model cannot do with these data is no reason to end the tour; what nobody foresaw is.
    if (error instanceof VerisimError) return { type: 'failed', why: error.message };
    const { message: why, stack } = error instanceof Error ? error : new Error(String(error));
    return { type: 'broken', why, ...present({ stack }) };
  }
}

async function trainAndJudge({
  route: routeName,
  stage: name,
  trainingSeconds,
  ...task
}: StageTask): Promise<StageNews> {
  const route = tourRoutes[routeName];
  const stage = route.stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`There is no stage ${name} on the route of ${routeName}.`);
  const { signal } = stop;
  const data = await openTourData(task);
  try {
    if (trainingSeconds !== undefined) {
      const { trainStage } = await import('./tour-stage.js');
      if (!(await trainStage(stage, { ...task, data, seconds: trainingSeconds, signal })))
        return { type: 'interrupted' };
      process.send?.({ type: 'trained' } satisfies StageNews);
    }
    const { judgeStage } = await import('./tour-judge.js');
    return (await judgeStage({ ...task, data, drawsSheets: !route.isAboutTraining, signal }))
      ? { type: 'judged' }
      : { type: 'interrupted' };
  } finally {
    await data.dispose?.();
  }
}
