// The table of routes.
import { modelsRoute } from './models.js';
import { objectivesRoute } from './objectives.js';
import type { TourRoute } from './route.js';

/** The routes by name, the one that is taken by default first. */
export const tourRoutes = { models: modelsRoute, objectives: objectivesRoute } as const satisfies Readonly<
  Record<string, TourRoute>
>;

/** The name of a route. */
export type TourRouteName = keyof typeof tourRoutes;

/** All names. */
export const tourRouteNames = ['models', 'objectives'] as const satisfies readonly TourRouteName[];
