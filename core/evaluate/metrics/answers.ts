import type { EvaluationCase } from '../dataset.ts';
import { notMeasurable, type Score, value } from '../score.ts';
import { holds, normalised } from './gold-answer.ts';

/** What came back for a question, as far as code can judge it. */
export interface Answered {
  readonly text: string;
  /** One entry a citation: whether its quote stands in its document at its offsets. */
  readonly citations: readonly boolean[];
  readonly milliseconds: number;
  readonly dollars: number;
}

/** An answer that cites nothing is how the product says that the documents do not hold one (api.md). */
export const abstained = ({ citations }: Answered): boolean => citations.length === 0;

type Metric = (asked: Pick<EvaluationCase, 'answers'>, answered: Answered) => Score;

const yes = (holding: boolean): Score => value(holding ? 1 : 0);

/** Metrics by code; no model judges. All but the last two are 1 or 0, and more is better. */
export const answerMetrics = {
  /** The answer's text holds one of the gold answers. */
  gold_answer: ({ answers }, { text }) =>
    answers.some((gold) => normalised(gold) !== '')
      ? yes(answers.some((gold) => holds(text, gold)))
      : notMeasurable('the case has no gold answer'),
  /** Every citation of the answer is true. */
  citation_valid: (_asked, answered) =>
    abstained(answered) ? notMeasurable('the answer cites nothing') : yes(answered.citations.every(Boolean)),
  /** It abstained where the documents do not say, and only there. */
  abstained_rightly: ({ answers }, answered) => yes(abstained(answered) === (answers.length === 0)),
  /** From the question to the end of the answer. */
  latency_ms: (_asked, { milliseconds }) => value(milliseconds),
  cost_usd: (_asked, { dollars }) => value(dollars),
} satisfies Readonly<Record<string, Metric>>;

export type AnswerMetric = keyof typeof answerMetrics;

/**
 * What each metric means now: scores of different definitions are not compared (GAT-6). Change the text when the same
 * answer could get another score.
 */
export const metricDefinitions: Readonly<Record<AnswerMetric, string>> = {
  gold_answer: 'contains a gold answer, normalised as SQuAD 1.1; v1',
  citation_valid: 'every citation at its offsets; v1',
  abstained_rightly: 'cites nothing exactly where there is no gold answer; v1',
  latency_ms: 'from the question to the end of the answer; v1',
  cost_usd: 'as the answer says; v1',
};

export const answerMetricNames = Object.keys(answerMetrics) as readonly AnswerMetric[];

const qualityMetrics: readonly string[] = [
  'gold_answer',
  'citation_valid',
  'abstained_rightly',
] satisfies AnswerMetric[];

/** Whether more of it is better, as the gate takes it to be. */
export const isQuality = (metric: string): boolean => qualityMetrics.includes(metric);
