// What the process of a tour and the process of one of its stages tell each other: the task first, then how far it is.
import { z } from 'zod';
import { tourRouteNames } from '../../report/tour/routes/index.js';

/** What a stage's process is to do. */
export const stageTaskSchema = z.object({
  /** The route, and the name of its stage. */
  route: z.enum(tourRouteNames),
  stage: z.string(),
  /** Its run folder. */
  path: z.string(),
  /** The data as the user named them, and how they are to be read. */
  dataName: z.string(),
  size: z.tuple([z.int().positive(), z.int().positive()]).exactOptional(),
  label: z.string().exactOptional(),
  /** Seconds to train for; absent where the model is trained and waits to be judged. */
  trainingSeconds: z.number().exactOptional(),
  /** Of the whole tour: longer ones look at more rows. */
  minutes: z.number().positive(),
  seed: z.int(),
});

/** A stage's task. */
export type StageTask = z.output<typeof stageTaskSchema>;

/** What a stage's process tells. The last message is one of the other types than `trained`. */
export const stageNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('trained') }),
  z.object({ type: z.literal('judged') }),
  /** It was stopped; what was learnt is saved. */
  z.object({ type: z.literal('interrupted') }),
  /** These data or this time allow no such model, and why. */
  z.object({ type: z.literal('failed'), why: z.string() }),
  /** A mistake in Verisim, or of the machine. */
  z.object({ type: z.literal('broken'), why: z.string(), stack: z.string().exactOptional() }),
]);

/** A message of a stage's process. */
export type StageNews = z.output<typeof stageNewsSchema>;

/** What the tour says to a stage's process to make it save and end. */
export const stopMessage = 'stop';
