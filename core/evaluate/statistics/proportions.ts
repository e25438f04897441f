import { betaQuantile, logGamma, normalQuantile } from './distributions.ts';
import { alphaOf, checkCount, type Interval, type Level } from './interval.ts';

/** Wilson's score interval (1927). Without observations it is [0, 1]: nothing is known. */
export function wilson(successes: number, n: number, level: Level = {}): Interval {
  checkCount(successes, n);
  const z = normalQuantile(1 - alphaOf(level) / 2);
  if (n === 0) return { low: 0, high: 1 };
  const p = successes / n;
  const centre = p + (z * z) / (2 * n);
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return {
    low: successes === 0 ? 0 : (centre - spread) / scale,
    high: successes === n ? 1 : (centre + spread) / scale,
  };
}

/** The exact interval of Clopper and Pearson (1934): never covers less than it says, usually more. */
export function clopperPearson(successes: number, n: number, level: Level = {}): Interval {
  checkCount(successes, n);
  const alpha = alphaOf(level);
  return {
    low: successes === 0 ? 0 : betaQuantile(alpha / 2, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - alpha / 2, successes + 1, n - successes),
  };
}

/** A count of successes and the number of observations. */
export type Proportion = readonly [successes: number, n: number];

/** p₁ − p₂ of two independent samples: Newcombe's hybrid score interval (1998, method 10). */
export function newcombe(first: Proportion, second: Proportion, level: Level = {}): Interval {
  const [a, b] = [wilson(...first, level), wilson(...second, level)];
  if (first[1] === 0 || second[1] === 0) return { low: -1, high: 1 };
  const [p, q] = [first[0] / first[1], second[0] / second[1]];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}

/**
 * Whether paired yes/no outcomes differ: `b` pairs where only the first was right, `c` where only the second
 * was. Two-sided exact and mid-p values (Fagerland, Lydersen and Laake, 2013).
 */
export function mcnemar(b: number, c: number): { readonly exact: number; readonly midP: number } {
  checkCount(b, b + c);
  const n = b + c;
  const smaller = Math.min(b, c);
  const probability = (k: number) =>
    Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
  let atMost = 0;
  for (let k = 0; k <= smaller; k += 1) atMost += probability(k);
  return {
    exact: Math.min(1, 2 * atMost),
    midP: Math.min(1, 2 * atMost - probability(smaller)),
  };
}

/**
 * The difference of two paired proportions, (b − c) / n with b pairs where only the first was right: Tango's
 * score interval (Statistics in Medicine 17, 1998). It keeps a width where no pair differs, which a bootstrap
 * does not: twenty equal pairs exclude a difference of 0.17, not of 0.01.
 */
export function pairedProportions(b: number, c: number, n: number, level: Level = {}): Interval {
  checkCount(b, n);
  checkCount(b + c, n);
  const z = normalQuantile(1 - alphaOf(level) / 2);
  if (n === 0) return { low: -1, high: 1 };
  /** The score statistic for a true difference `delta`; falls as `delta` rises. */
  const score = (delta: number) => {
    const linear = -b - c + (2 * n - b + c) * delta;
    const constant = -c * delta * (1 - delta);
    const onlySecond = (Math.sqrt(Math.max(0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
    const variance = n * (2 * onlySecond + delta * (1 - delta));
    const distance = b - c - n * delta;
    if (variance <= 0) return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
    return distance / Math.sqrt(variance);
  };
  const crossing = (target: number, from: number, to: number) => {
    let [low, high] = [from, to];
    for (let step = 0; step < 60; step += 1) {
      const middle = (low + high) / 2;
      if (score(middle) > target) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const difference = (b - c) / n;
  return { low: crossing(z, -1, difference), high: crossing(-z, difference, 1) };
}

export interface Power extends Level {
  /** The chance to find a difference that is there; 0.8 when left out. */
  readonly power?: number;
}

/** Observations in each of two arms to tell p₁ from p₂, by Cohen's h (1988, 6.3), two-sided, not rounded. */
export function neededPerArm(p1: number, p2: number, { power = 0.8, ...level }: Power = {}): number {
  for (const p of [p1, p2]) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot use ${p} as a proportion: it is not within [0, 1]`);
  }
  const h = 2 * Math.asin(Math.sqrt(p1)) - 2 * Math.asin(Math.sqrt(p2));
  return 2 * ((normalQuantile(1 - alphaOf(level) / 2) + normalQuantile(power)) / h) ** 2;
}
