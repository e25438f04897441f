/** Pure functions; `selvedge/metrics`. Nothing to score is `not-measurable`, never NaN. */
export type { Score } from '../score.ts';
export { type Answered, type AnswerMetric, abstained, answerMetrics } from './answers.ts';
export { pairwise, paretoSelection, type Slot } from './comparison.ts';
export { holds, normalised } from './gold-answer.ts';
export { answerRelevancy, weightedScore } from './judged.ts';
export { quotedSpans } from './quoted-spans.ts';
export { type ToolCall, toolCallAccuracy, toolCallF1 } from './tool-calls.ts';
export {
  contextPrecision,
  factualF,
  faithfulness,
  noiseSensitivity,
  type Support,
  type Verdict,
} from './verdicts.ts';
