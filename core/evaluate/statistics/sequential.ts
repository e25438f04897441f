import { alphaOf, type Level } from './interval.ts';

/** What may be looked at after every observation without inflating the false alarms. */

function checkRun(variance: number, n: number): void {
  if (!(variance > 0 && n > 0))
    throw new RangeError(`Cannot use a variance of ${variance} over ${n} observations`);
}

/**
 * The mixture sequential probability ratio test of "the difference is 0" (Johari et al., arXiv 1512.04922), with
 * a normal mixture of variance `tau2` and V = `variance` / `n`, the variance of the estimated difference. `p` is
 * valid at the moment of looking; an always-valid p is the smallest one so far.
 */
export function msprt({
  difference,
  variance,
  n,
  tau2,
}: {
  readonly difference: number;
  /** Of one observation of the difference. */
  readonly variance: number;
  readonly n: number;
  readonly tau2: number;
}): { readonly lambda: number; readonly p: number } {
  checkRun(variance, n);
  const v = variance / n;
  const lambda =
    Math.sqrt(v / (v + tau2)) * Math.exp((tau2 * difference * difference) / (2 * v * (v + tau2)));
  return { lambda, p: Math.min(1, 1 / lambda) };
}

/**
 * The half-width of an asymptotic confidence sequence for a mean (Waudby-Smith et al., Annals of Statistics 52,
 * 2024), tightest near n = 100: ρ = √((−2 ln α + ln(−2 ln α) + 1) / 100). It does not depend on the mean.
 */
export function confidenceSequence({
  variance,
  n,
  ...level
}: { readonly mean: number; readonly variance: number; readonly n: number } & Level): {
  readonly margin: number;
} {
  checkRun(variance, n);
  const alpha = alphaOf(level);
  const spent = -2 * Math.log(alpha);
  const rho2 = (spent + Math.log(spent) + 1) / 100;
  const grown = n * variance * rho2 + 1;
  return { margin: Math.sqrt((grown / (n * n * rho2)) * Math.log(grown / (alpha * alpha))) };
}
