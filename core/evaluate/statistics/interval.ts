export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Level {
  /** The interval holds the truth in 1 − alpha of the cases; 0.05 when left out. */
  readonly alpha?: number;
}

export const DEFAULT_ALPHA = 0.05;

export function alphaOf({ alpha = DEFAULT_ALPHA }: Level): number {
  if (!(alpha > 0 && alpha < 1))
    throw new RangeError(`Cannot use ${alpha} as alpha: it is not within (0, 1)`);
  return alpha;
}

/** Throws on what is no count of successes among n. */
export function checkCount(successes: number, n: number): void {
  if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n) {
    throw new RangeError(
      `Cannot take ${successes} successes of ${n}: they are not whole numbers with 0 ≤ s ≤ n`,
    );
  }
}

/** Throws unless all are finite numbers and there is at least one. */
export function checkSample(name: string, values: readonly number[]): void {
  if (values.length === 0) throw new RangeError(`Cannot use '${name}': it is empty`);
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`Cannot use '${name}': it holds ${bad}`);
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The smallest and the largest. A loop: as arguments of `Math.max`, 130,000 values overflow the stack. */
export function extremesOf(values: readonly number[]): Interval {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** The mean squared deviation, divided by n − `correction`. */
export function varianceOf(values: readonly number[], correction: 0 | 1 = 1): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - correction);
}
