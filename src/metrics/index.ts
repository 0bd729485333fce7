// Metrics: pure functions of numbers, so that any program can use them.
export { auroc } from './auroc.js';
export { averagePrecision } from './average-precision.js';
export { type ClassAnswers, type Confusion, confusion } from './confusion.js';
