import { notMeasurable, type Score } from '../score.ts';
import { normalQuantile } from './distributions.ts';
import { alphaOf, checkSample, type Interval, type Level, meanOf, varianceOf } from './interval.ts';

/** What a judge's scores say of the truth, once people have scored some of the same cases. */

export interface PpiInput extends Level {
  /** People's scores. */
  readonly human: readonly number[];
  /** The judge's scores of the same cases. */
  readonly judge: readonly number[];
  /** The judge's scores of cases that no person has seen. */
  readonly unlabelled: readonly number[];
  /** How far the judge is trusted, 0…1; tuned to the narrowest interval when left out. */
  readonly lambda?: number;
}

/**
 * The mean score by prediction-powered inference (PPI++: Angelopoulos, Duchi and Zrnic, arXiv 2311.01453, with the
 * plug-in variances of `ppi_py`). The interval is normal: under a hundred labelled cases it is a little narrow.
 */
export function ppiMean({ human, judge, unlabelled, ...options }: PpiInput): {
  readonly estimate: number;
} & Interval {
  checkSample('human', human);
  checkSample('judge', judge);
  checkSample('unlabelled', unlabelled);
  const [n, more] = [human.length, unlabelled.length];
  if (judge.length !== n) throw new RangeError(`Cannot pair ${n} scores of people with ${judge.length}`);
  const lambda = options.lambda ?? tuned(human, judge, unlabelled);
  const rectified = human.map((score, index) => score - lambda * (judge[index] ?? 0));
  const imputed = unlabelled.map((score) => lambda * score);
  const estimate = meanOf(imputed) + meanOf(rectified);
  const error = Math.sqrt(varianceOf(imputed, 0) / more + varianceOf(rectified, 0) / n);
  const half = normalQuantile(1 - alphaOf(options) / 2) * error;
  return { estimate, low: estimate - half, high: estimate + half };
}

function tuned(human: readonly number[], judge: readonly number[], unlabelled: readonly number[]): number {
  const [truth, said] = [meanOf(human), meanOf(judge)];
  const covariance = meanOf(human.map((score, index) => (score - truth) * ((judge[index] ?? 0) - said)));
  const spread = varianceOf([...judge, ...unlabelled]);
  if (spread === 0) return 0;
  return Math.min(1, Math.max(0, covariance / ((1 + human.length / unlabelled.length) * spread)));
}

export interface JudgedRate {
  /** The share that the judge passed, of `n`. */
  readonly passRate: number;
  readonly n: number;
  /** The share of truly bad cases that it failed, of `negatives` labelled ones. */
  readonly specificity: number;
  readonly negatives: number;
  /** The share of truly good cases that it passed, of `positives` labelled ones. */
  readonly sensitivity: number;
  readonly positives: number;
}

/**
 * The true pass rate behind a judge that errs at known rates (Rogan and Gladen 1978), clipped to [0, 1]; the
 * standard error carries the calibration's (delta method; Lee et al., arXiv 2511.21140). Not measurable with a
 * judge that does no better than chance.
 */
export function roganGladen({
  passRate,
  n,
  specificity,
  negatives,
  sensitivity,
  positives,
}: JudgedRate):
  | { readonly estimate: number; readonly standardError: number }
  | Extract<Score, { kind: 'not-measurable' }> {
  const skill = specificity + sensitivity - 1;
  if (!(skill > 0)) return notMeasurable('the judge does no better than chance');
  const estimate = Math.min(1, Math.max(0, (passRate + specificity - 1) / skill));
  const variance =
    (passRate * (1 - passRate)) / n +
    ((1 - estimate) ** 2 * specificity * (1 - specificity)) / negatives +
    (estimate ** 2 * sensitivity * (1 - sensitivity)) / positives;
  return { estimate, standardError: Math.sqrt(variance) / skill };
}
