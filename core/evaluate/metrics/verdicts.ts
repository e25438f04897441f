import { notMeasurable, type Score } from '../score.ts';

type NotMeasurable = Extract<Score, { kind: 'not-measurable' }>;

/** What a judge said of one item: 1 or true is yes. */
export type Verdict = boolean | 0 | 1;

const isYes = (verdict: Verdict): boolean => verdict === true || verdict === 1;

/**
 * Average precision over the retrieved contexts, best first: Σ v·P@k / Σ v. Contexts of which none is useful
 * score 0.
 */
export function contextPrecision(verdicts: readonly Verdict[]): number | NotMeasurable {
  if (verdicts.length === 0) return notMeasurable('nothing was retrieved');
  let [useful, sum] = [0, 0];
  for (const [index, verdict] of verdicts.entries()) {
    if (!isYes(verdict)) continue;
    useful += 1;
    sum += useful / (index + 1);
  }
  return useful === 0 ? 0 : sum / useful;
}

/** The share of the answer's claims that the contexts support. Whatever is not a yes is unsupported. */
export function faithfulness(verdicts: readonly Verdict[]): number | NotMeasurable {
  if (verdicts.length === 0) return notMeasurable('the answer claims nothing');
  return verdicts.filter(isYes).length / verdicts.length;
}

/** Fβ of claims: true positives stand in both, false ones only in the answer, false negatives only in the reference. */
export function factualF({
  tp,
  fp,
  fn,
  beta,
}: {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** Above 1 what is left out weighs more, below 1 what is made up. */
  readonly beta: number;
}): number | NotMeasurable {
  const weight = beta * beta;
  const total = (1 + weight) * tp + weight * fn + fp;
  return total === 0 ? notMeasurable('neither side claims anything') : ((1 + weight) * tp) / total;
}

/** Rows are statements, columns the retrieved contexts, true where the context supports the statement. */
export type Support = readonly (readonly Verdict[])[];

/**
 * The share of the answer's statements that are wrong although a context says them (lower is better):
 * `relevant` by a context that also supports the reference, `irrelevant` only by others (RAGAS, arXiv
 * 2309.15217, as its library defines it).
 */
export function noiseSensitivity({
  referenceByContext,
  answerByContext,
  answerByReference,
}: {
  readonly referenceByContext: Support;
  readonly answerByContext: Support;
  /** Whether the reference supports each statement of the answer. */
  readonly answerByReference: readonly Verdict[];
}): { readonly relevant: number; readonly irrelevant: number } | NotMeasurable {
  if (answerByContext.length !== answerByReference.length) {
    throw new RangeError(
      `Cannot compare ${answerByContext.length} statements with ${answerByReference.length} verdicts`,
    );
  }
  const widths = new Set([...referenceByContext, ...answerByContext].map((row) => row.length));
  if (widths.size > 1)
    throw new RangeError('Cannot compare statements that were held against different contexts');
  if (answerByReference.length === 0) return notMeasurable('the answer states nothing');
  const isRelevant = (context: number): boolean =>
    referenceByContext.some((row) => isYes(row[context] ?? false));
  let [relevant, irrelevant] = [0, 0];
  for (const [statement, row] of answerByContext.entries()) {
    if (isYes(answerByReference[statement] ?? false)) continue;
    const supporting = row.flatMap((verdict, context) => (isYes(verdict) ? [context] : []));
    if (supporting.length === 0) continue;
    if (supporting.some(isRelevant)) relevant += 1;
    else irrelevant += 1;
  }
  const n = answerByReference.length;
  return { relevant: relevant / n, irrelevant: irrelevant / n };
}
