import type { CaseScore, Score } from './score.ts';
import { normalQuantile } from './statistics/distributions.ts';
import { alphaOf, extremesOf, type Interval, meanOf, varianceOf } from './statistics/interval.ts';
import { pairedProportions } from './statistics/proportions.ts';
import { bootstrapMean, studentMean } from './statistics/resampling.ts';

/**
 * May the candidate replace the baseline? Higher scores are better on every metric.
 *
 *  GAT-1 PASS: on every metric the lower end of the paired difference (candidate − baseline) is above −margin.
 *     All must hold, so no correction for their number is due (Berger 1982, intersection–union).
 *  GAT-2 FAIL: on some metric the upper end is below −margin, with Holm's correction over the metrics.
 *  GAT-3 UNDECIDED otherwise, with the number of cases that would probably decide.
 *  GAT-4 A metric of which more than 5 % of the cases are missing or ended in an error never passes.
 *  GAT-5 A case that a side says is not measurable is no pair and is not lost: a metric such as "citation valid"
 *     has nothing to say of an answer that cites nothing, and another metric judges whether that was right.
 */
export type Verdict = 'PASS' | 'FAIL' | 'UNDECIDED';

export interface GateOptions {
  /** How much worse the candidate may be, in the metrics' own unit; 0 asks for an improvement. */
  readonly margin: number;
  /** Two-sided; 0.05 when left out. */
  readonly alpha?: number;
}

export interface MetricVerdict {
  readonly metric: string;
  /** Pairs of values that were compared. */
  readonly n: number;
  /** Mean of candidate − baseline, and its interval; null where too few pairs give none. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Pairs that decide with a chance of 80 % if the candidate is in truth as good as the baseline. */
  readonly neededN: number | null;
  /** Cases that one side does not have, and cases that ended in an error, of all that count. */
  readonly lost: { readonly missing: number; readonly errors: number; readonly of: number };
  readonly verdict: Verdict;
}

export interface GateReport {
  readonly verdict: Verdict;
  readonly metrics: readonly MetricVerdict[];
}

const MAX_LOST_SHARE = 0.05;
const PLANNED_POWER = 0.8;

export function gate(
  baseline: readonly CaseScore[],
  candidate: readonly CaseScore[],
  options: GateOptions,
): GateReport {
  if (!(options.margin >= 0 && Number.isFinite(options.margin))) {
    throw new RangeError(`Cannot use ${options.margin} as a margin: expected a number of 0 or more`);
  }
  const alpha = alphaOf(options);
  const [before, after] = [byMetric(baseline), byMetric(candidate)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const pairs = new Map(
    names.map((name) => [name, pairUp(before.get(name) ?? new Map(), after.get(name) ?? new Map())]),
  );
  const failing = failingMetrics(pairs, options.margin, alpha);
  const metrics = [...pairs].map(([metric, paired]): MetricVerdict => {
    const interval = intervalOf(paired, alpha);
    const n = paired.baseline.length;
    const lost = { missing: paired.missing, errors: paired.errors, of: n + paired.missing + paired.errors };
    const complete = lost.of > 0 && lost.missing + lost.errors <= MAX_LOST_SHARE * lost.of;
    const safe = complete && interval !== null && interval.low > -options.margin;
    const verdict = failing.has(metric) ? 'FAIL' : safe ? 'PASS' : 'UNDECIDED';
    return {
      metric,
      n,
      difference: n === 0 ? null : meanOf(differencesOf(paired)),
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      neededN: neededPairs(paired, options.margin, alpha, verdict),
      lost,
      verdict,
    };
  });
  const all = metrics.map((metric) => metric.verdict);
  const verdict = all.includes('FAIL')
    ? 'FAIL'
    : all.length > 0 && all.every((each) => each === 'PASS')
      ? 'PASS'
      : 'UNDECIDED';
  return { verdict, metrics };
}

interface Paired {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  readonly missing: number;
  readonly errors: number;
}

function byMetric(scores: readonly CaseScore[]): Map<string, Map<string, Score>> {
  const metrics = new Map<string, Map<string, Score>>();
  for (const { metric, case: name, score } of scores) {
    const cases = metrics.get(metric) ?? new Map<string, Score>();
    if (cases.has(name)) throw new RangeError(`The case '${name}' has two scores for '${metric}'`);
    metrics.set(metric, cases.set(name, score));
  }
  return metrics;
}

function pairUp(baseline: ReadonlyMap<string, Score>, candidate: ReadonlyMap<string, Score>): Paired {
  const paired = { baseline: [] as number[], candidate: [] as number[], missing: 0, errors: 0 };
  for (const name of new Set([...baseline.keys(), ...candidate.keys()])) {
    const [before, after] = [baseline.get(name), candidate.get(name)];
    if (before?.kind === 'error' || after?.kind === 'error') paired.errors += 1;
    else if (before?.kind === 'value' && after?.kind === 'value') {
      paired.baseline.push(before.value);
      paired.candidate.push(after.value);
    } else if (before === undefined || after === undefined) paired.missing += 1;
  }
  return paired;
}

const differencesOf = ({ baseline, candidate }: Paired): readonly number[] =>
  candidate.map((value, index) => value - (baseline[index] ?? 0));

const isBinary = ({ baseline, candidate }: Paired): boolean =>
  [...baseline, ...candidate].every((value) => value === 0 || value === 1);

/**
 * Yes/no scores: Tango's interval. Graded ones: the wider of BCa and Student's on each side, because BCa alone
 * is too narrow for a few dozen cases. Graded scores that all moved by the same amount say nothing of their
 * spread; they get the width of yes/no pairs that never differed, times the range that the scores span.
 */
function intervalOf(paired: Paired, alpha: number): Interval | null {
  const n = paired.baseline.length;
  if (n === 0) return null;
  if (isBinary(paired)) {
    const differences = differencesOf(paired);
    const [better, worse] = [1, -1].map((sign) => differences.filter((each) => each === sign).length);
    return pairedProportions(better ?? 0, worse ?? 0, n, { alpha });
  }
  const differences = differencesOf(paired);
  const mean = meanOf(differences);
  const { low, high } = extremesOf([...paired.baseline, ...paired.candidate]);
  const range = Math.max(1, high - low);
  if (differences.every((each) => Math.abs(each - mean) <= 1e-12 * range)) {
    const z = normalQuantile(1 - alpha / 2);
    const half = (range * z * z) / (n + z * z);
    return { low: mean - half, high: mean + half };
  }
  const [bootstrap, student] = [bootstrapMean(differences, { alpha }), studentMean(differences, { alpha })];
  return { low: Math.min(bootstrap.low, student.low), high: Math.max(bootstrap.high, student.high) };
}

/** Holm's step-down by intervals: as each metric fails, the rest are looked at with a larger share of alpha. */
function failingMetrics(
  pairs: ReadonlyMap<string, Paired>,
  margin: number,
  alpha: number,
): ReadonlySet<string> {
  const failing = new Set<string>();
  for (;;) {
    const left = [...pairs].filter(([metric]) => !failing.has(metric));
    const worse = left.filter(([, paired]) => {
      const interval = intervalOf(paired, alpha / left.length);
      return interval !== null && interval.high < -margin;
    });
    if (worse.length === 0) return failing;
    for (const [metric] of worse) failing.add(metric);
  }
}

/**
 * n = (z₁₋α⁄₂ + z_power)² · s² / margin² for a true difference of zero. A pair of each kind is added to yes/no
 * scores, so that pairs that never differed do not promise that none ever will.
 */
function neededPairs(paired: Paired, margin: number, alpha: number, verdict: Verdict): number | null {
  const n = paired.baseline.length;
  if (n < 2 || margin === 0) return null;
  const differences = differencesOf(paired);
  const variance = varianceOf(isBinary(paired) ? [...differences, 1, -1] : differences);
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(PLANNED_POWER);
  const planned = Math.ceil((z * z * variance) / (margin * margin));
  return verdict === 'UNDECIDED' ? Math.max(planned, n + 1) : Math.max(planned, 1);
}
