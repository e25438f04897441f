/**
 * The four functions that every interval and test here rests on, to 1e-12 or better (the tests hold them to
 * SciPy). Written out because no TypeScript library offers them at double precision inside a Worker.
 */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Φ(x): a series of positive terms near the centre, Lentz's continued fraction for erfc in the tails. */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size > 38) return x < 0 ? 0 : 1;
  const density = Math.exp((-size * size) / 2) / SQRT_TWO_PI;
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let odd = 3; term > sum * 1e-17; odd += 2) {
      term *= (size * size) / odd;
      sum += term;
    }
    return x < 0 ? 0.5 - density * sum : 0.5 + density * sum;
  }
  let fraction = 0;
  for (let depth = 120; depth > 0; depth -= 1) fraction = depth / (size + fraction);
  const tail = density / (size + fraction);
  return x < 0 ? tail : 1 - tail;
}

/** Φ⁻¹(p) for 0 < p < 1: Abramowitz & Stegun 26.2.23 as the start, then Halley's method. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    throw new RangeError(`Cannot take the normal quantile of ${p}: it is not within (0, 1)`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const start =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  let x = start;
  for (let step = 0; step < 4; step += 1) {
    const error = (normalCdf(x) - p) * SQRT_TWO_PI * Math.exp((x * x) / 2);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

// Lanczos' approximation with g = 7 and nine terms (P. Godfrey, 2001).
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const series = LANCZOS.reduce(
    (sum, coefficient, index) => sum + (index === 0 ? coefficient : coefficient / (z + index)),
    0,
  );
  const t = z + 7.5;
  return Math.log(SQRT_TWO_PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

/** The regularised incomplete beta function Iₓ(a, b): Lentz's method on DLMF 8.17.22. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m <= 1000; m += 1) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + numerator * d);
      c = away(1 + numerator / c);
      product *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return (front * product) / a;
}

/** The x with Iₓ(a, b) = p. Bisection: 60 halvings reach the last bit and cannot go astray. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Student's t quantile for p > 0.5, from the incomplete beta function (DLMF 8.17). */
export function studentQuantile(p: number, degrees: number): number {
  const x = betaQuantile(2 * (1 - p), degrees / 2, 0.5);
  return Math.sqrt((degrees * (1 - x)) / x);
}
