/** Pure functions; `selvedge/metrics`. Nothing to score is `not-measurable`, never NaN. */
export type { Score } from '../score.ts';
export { type Answered, type AnswerMetric, abstained, answerMetrics } from './answers.ts';
export { holds, normalised } from './gold-answer.ts';
