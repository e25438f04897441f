import { notMeasurable, type Score } from '../score.ts';

type NotMeasurable = Extract<Score, { kind: 'not-measurable' }>;

/** Tokens that are less probable say nothing of the judge's mind (G-Eval as DeepEval runs it). */
const MIN_PROBABILITY = 0.01;

/**
 * The mean of a judge's score over the tokens it might have said (G-Eval, arXiv 2303.16634): those that are whole
 * numbers with a probability of 1 % or more, renormalised. Without such tokens, what it did say.
 */
export function weightedScore(
  emitted: number,
  tokens: readonly (readonly [token: string, probability: number])[],
): number {
  const scores = tokens.flatMap(([token, probability]) =>
    /^\d+$/.test(token.trim()) && probability >= MIN_PROBABILITY
      ? [[Number(token), probability] as const]
      : [],
  );
  const total = scores.reduce((sum, [, probability]) => sum + probability, 0);
  if (total === 0) return emitted;
  return scores.reduce((sum, [score, probability]) => sum + score * probability, 0) / total;
}

/**
 * The mean cosine between the question and the questions that a model reads out of the answer (RAGAS); 0 where
 * all of these found the answer noncommittal. Vectors are embeddings of one model.
 */
export function answerRelevancy(
  question: readonly number[],
  generated: readonly (readonly number[])[],
  noncommittal: readonly boolean[],
): number | NotMeasurable {
  if (generated.length !== noncommittal.length) {
    throw new RangeError(`Cannot pair ${generated.length} questions with ${noncommittal.length} verdicts`);
  }
  if (generated.length === 0) return notMeasurable('no question was generated');
  if (noncommittal.every(Boolean)) return 0;
  const cosines = generated.map((each) => cosine(question, each));
  if (cosines.some((each) => each === null)) return notMeasurable('an embedding is all zeros');
  return cosines.reduce<number>((sum, each) => sum + (each ?? 0), 0) / cosines.length;
}

function cosine(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError(`Cannot compare ${a.length} dimensions with ${b.length}`);
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  const length = Math.sqrt(product(a, a) * product(b, b));
  return length === 0 ? null : product(a, b) / length;
}
