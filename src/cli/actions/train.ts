// What "verisim train" does.
import type { TrainArguments } from '../train.js';
import { resumeJob, startJob } from './train-job.js';
import { printReport } from './train-report.js';
import { runJob } from './train-run.js';

export async function train(kind: string | undefined, options: TrainArguments): Promise<void> {
  const started = performance.now();
  const { resume } = options;
  const job = resume === undefined ? await startJob(kind, options) : await resumeJob(kind, options, resume);
  const { run, model } = job;
  try {
    const report = await runJob(job);
    if (report !== undefined) await printReport(job, report, options, (performance.now() - started) / 1000);
  } finally {
    await model.dispose();
    await job.close();
    await run.close();
  }
}
