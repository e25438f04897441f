import { normalCdf, normalQuantile, studentQuantile } from './distributions.ts';
import {
  alphaOf,
  checkSample,
  extremesOf,
  type Interval,
  type Level,
  meanOf,
  varianceOf,
} from './interval.ts';
import { seededRandom } from './random.ts';

export interface Resampling extends Level {
  /** 10,000 when left out; the ends then wobble by about a hundredth of the width. */
  readonly resamples?: number;
  readonly seed?: number;
}

const DEFAULT_RESAMPLES = 10_000;

export function differences(a: readonly number[], b: readonly number[]): readonly number[] {
  checkSample('a', a);
  checkSample('b', b);
  if (a.length !== b.length) throw new RangeError(`Cannot pair ${a.length} values with ${b.length}`);
  return a.map((value, index) => value - (b[index] ?? 0));
}

/**
 * The mean of a − b over pairs: the bias-corrected and accelerated bootstrap (Efron 1987), with ties at the
 * estimate counted half and the ends interpolated, as SciPy does. Pairs that all differ by the same amount
 * give that amount as both ends; a caller to whom that matters looks at the sample first (`gate.ts`).
 */
export function pairedBootstrap(
  a: readonly number[],
  b: readonly number[],
  options: Resampling = {},
): Interval {
  return bootstrapMean(differences(a, b), options);
}

/** The same for the mean of one sample. */
export function bootstrapMean(values: readonly number[], options: Resampling = {}): Interval {
  checkSample('values', values);
  const { resamples = DEFAULT_RESAMPLES, seed = 1 } = options;
  const alpha = alphaOf(options);
  const n = values.length;
  const mean = meanOf(values);
  if (values.every((value) => value === values[0])) return { low: mean, high: mean };
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let round = 0; round < resamples; round += 1) {
    let sum = 0;
    for (let draw = 0; draw < n; draw += 1) sum += values[Math.floor(random() * n)] ?? 0;
    means[round] = sum / n;
  }
  means.sort();
  // Equal sums in another order differ in the last bits; they count as ties.
  const tolerance = 1e-12 * extremesOf(values.map(Math.abs)).high;
  let below = 0;
  for (const each of means) below += each < mean - tolerance ? 1 : each <= mean + tolerance ? 0.5 : 0;
  const share = Math.min(Math.max(below / resamples, 0.5 / resamples), 1 - 0.5 / resamples);
  const bias = normalQuantile(share);
  const cubes = values.reduce((sum, value) => sum + (value - mean) ** 3, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const acceleration = cubes / (6 * squares ** 1.5);
  const end = (p: number) => {
    const z = bias + normalQuantile(p);
    return quantile(means, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: end(alpha / 2), high: end(1 - alpha / 2) };
}

/** Student's interval for the mean; needs two values. */
export function studentMean(values: readonly number[], level: Level = {}): Interval {
  checkSample('values', values);
  if (values.length < 2) throw new RangeError('Cannot estimate a spread from one value');
  const half =
    studentQuantile(1 - alphaOf(level) / 2, values.length - 1) *
    Math.sqrt(varianceOf(values) / values.length);
  const mean = meanOf(values);
  return { low: mean - half, high: mean + half };
}

/** Linear between the order statistics (Hyndman and Fan's type 7). `sorted` ascends. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

/** Up to this many differing pairs all sign patterns are tried (2^18); beyond, `resamples` of them are drawn. */
const EXACT_PAIRS = 18;

/**
 * Whether the mean of a − b is zero, two-sided: under that hypothesis each difference could as well have had
 * the other sign (Fisher's randomisation test). A drawn p is (hits + 1) / (resamples + 1): never zero.
 */
export function signFlip(
  a: readonly number[],
  b: readonly number[],
  { resamples = DEFAULT_RESAMPLES, seed = 1 }: Omit<Resampling, 'alpha'> = {},
): { readonly p: number } {
  const differing = differences(a, b).filter((value) => value !== 0);
  const total = differing.reduce((sum, value) => sum + value, 0);
  const reach = Math.abs(total) - 1e-12 * differing.reduce((sum, value) => sum + Math.abs(value), 0);
  const exact = differing.length <= EXACT_PAIRS;
  const rounds = exact ? 2 ** differing.length : resamples;
  const random = seededRandom(seed);
  let hits = 0;
  for (let round = 0; round < rounds; round += 1) {
    const sum = differing.reduce((partial, value, index) => {
      const flipped = exact ? ((round >>> index) & 1) === 1 : random() < 0.5;
      return flipped ? partial - value : partial + value;
    }, 0);
    if (Math.abs(sum) >= reach) hits += 1;
  }
  return { p: exact ? hits / rounds : (hits + 1) / (rounds + 1) };
}
