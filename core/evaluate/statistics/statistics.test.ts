import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaCdf, betaQuantile, normalCdf, normalQuantile, studentQuantile } from './distributions.ts';
import {
  benjaminiHochberg,
  clopperPearson,
  clusteredError,
  holm,
  mcnemar,
  neededPerArm,
  newcombe,
  pairedBootstrap,
  pairedProportions,
  signFlip,
  studentMean,
  wilson,
} from './index.ts';
import { seededRandom } from './random.ts';

// Reference values: SciPy 1.17.1 and statsmodels 0.15.0 on Python 3.11, by the calls that each test names.

const close = (actual: number, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(expected)),
  );
const closeInterval = (
  actual: { low: number; high: number },
  low: number,
  high: number,
  tolerance = 1e-9,
) => {
  close(actual.low, low, tolerance);
  close(actual.high, high, tolerance);
};

describe('distributions', () => {
  test.each([
    [-9, 1.1285884059538324e-19],
    [-5, 2.866515718791933e-7],
    [-3, 0.0013498980316300933],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [2.9999, 0.998649658717045],
    [3.0001, 0.9986505450867392],
    [8, 0.9999999999999993],
  ])('normalCdf(%d), scipy.stats.norm.cdf', (x, p) => {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-12);
  });

  test.each([
    [1e-12, -7.034483825301131],
    [1e-6, -4.753424308822899],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.999999, 4.753424308817087],
  ])('normalQuantile(%d), scipy.stats.norm.ppf', (p, x) => close(normalQuantile(p), x, 1e-11));

  test.each([
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.3, 2, 5, 0.5798250000000003],
    [0.9, 40, 3, 0.19510765482693676],
    [0.5, 200, 210, 0.6894852134274166],
    [0.02, 0.5, 30, 0.7271017347653229],
  ])('betaCdf(%d, %d, %d), scipy.special.betainc', (x, a, b, p) => {
    close(betaCdf(x, a, b), p, 1e-12);
    close(betaQuantile(p, a, b), x, 1e-10);
  });

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 4, 2.7764451051977934],
    [0.975, 29, 2.045229642132703],
    [0.95, 1000, 1.6463788172854643],
  ])('studentQuantile(%d, %d), scipy.stats.t.ppf', (p, degrees, t) => close(studentQuantile(p, degrees), t));
});

describe('proportions', () => {
  test.each([
    [27, 30, 0.05, 0.7437891742081592, 0.9654001112526659],
    [0, 10, 0.05, 0, 0.27753279986288926],
    [10, 10, 0.05, 0.7224672001371106, 1],
    [450, 1000, 0.01, 0.4099386939039589, 0.4907204225863818],
  ])('wilson(%d, %d, %d), proportion_confint "wilson"', (s, n, alpha, low, high) =>
    closeInterval(wilson(s, n, { alpha }), low, high),
  );

  test.each([
    [27, 30, 0.05, 0.7347115495257919, 0.9788828629702774],
    [0, 10, 0.05, 0, 0.30849710781876083],
    [10, 10, 0.05, 0.6915028921812392, 1],
    [450, 1000, 0.01, 0.4092972371923216, 0.49118539457096916],
  ])('clopperPearson(%d, %d, %d), proportion_confint "beta"', (s, n, alpha, low, high) =>
    closeInterval(clopperPearson(s, n, { alpha }), low, high),
  );

  test.each([
    [[56, 70], [48, 80], 0.05243147240236498, 0.33387265403690614],
    [[9, 10], [3, 10], 0.1705227239345029, 0.809017973535488],
    [[10, 10], [0, 10], 0.6075093504305241, 1],
  ] as const)('newcombe(%j, %j), confint_proportions_2indep "newcomb"', (a, b, low, high) =>
    closeInterval(newcombe(a, b), low, high),
  );

  test.each([
    [1, 7, 0.0703125, 0.0390625],
    [12, 12, 1, 1],
    [0, 0, 1, 1],
    [30, 55, 0.008836205876094518, 0.006673923142224877],
    [400, 350, 0.07350777405843484, 0.06800134821028234],
  ])('mcnemar(%d, %d), statsmodels and the binomial', (b, c, exact, midP) => {
    close(mcnemar(b, c).exact, exact);
    close(mcnemar(b, c).midP, midP);
  });

  // The score equation solved with the constrained likelihood maximised numerically (scipy.optimize).
  test.each([
    [12, 2, 50, 0.061112406732008365, 0.34470874830232734],
    [5, 9, 200, -0.061990981987416156, 0.018759233017474484],
    [30, 22, 100, -0.061888390338728436, 0.21854369094352735],
  ])('pairedProportions(%d, %d, %d)', (b, c, n, low, high) =>
    closeInterval(pairedProportions(b, c, n), low, high, 1e-6),
  );

  test('pairs that never differ still leave the interval a width, z²/(n + z²) to each side', () => {
    closeInterval(pairedProportions(0, 0, 20), -0.16112515805281938, 0.16112515805281938);
  });

  test('neededPerArm, two samples by the normal approximation', () => {
    close(neededPerArm(0.8, 0.7, { alpha: 0.05, power: 0.8 }), 2 * 145.8446914026164);
    close(neededPerArm(0.5, 0.53, { alpha: 0.05, power: 0.9 }), 2 * 2915.223627565431);
  });

  test('at n = 30 and p = 0.9 Wilson covers at least as often as it says', () => {
    const random = seededRandom(9);
    let covered = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round += 1) {
      const successes = Array.from({ length: 30 }, random).filter((u) => u < 0.9).length;
      const { low, high } = wilson(successes, 30);
      if (low <= 0.9 && 0.9 <= high) covered += 1;
    }
    expect(covered / rounds).toBeGreaterThan(0.95);
  });

  test('intervals hold the estimate, stay in range and shrink as alpha grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const s = Math.round(n * share);
          for (const interval of [wilson, clopperPearson]) {
            const wide = interval(s, n, { alpha: 0.01 });
            const narrow = interval(s, n, { alpha: 0.2 });
            expect(wide.low).toBeLessThanOrEqual(narrow.low + 1e-12);
            expect(narrow.low).toBeLessThanOrEqual(s / n);
            expect(narrow.high).toBeGreaterThanOrEqual(s / n);
            expect(wide.high).toBeGreaterThanOrEqual(narrow.high - 1e-12);
            expect(wide.low >= 0 && wide.high <= 1).toBe(true);
          }
        },
      ),
    );
  });

  test('what cannot be counted is refused', () => {
    expect(() => wilson(3, 2)).toThrow(RangeError);
    expect(() => wilson(0.5, 2)).toThrow(RangeError);
    expect(() => wilson(1, 2, { alpha: 0 })).toThrow(RangeError);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

// numpy.random.default_rng(7): beta(4, 2) to three places, and the same with normal(-.03, .1) added.
const a = [
  0.733, 0.621, 0.541, 0.704, 0.873, 0.48, 0.906, 0.827, 0.43, 0.664, 0.914, 0.402, 0.418, 0.657, 0.689,
  0.562, 0.883, 0.398, 0.807, 0.851, 0.851, 0.52, 0.598, 0.695, 0.567, 0.909, 0.768, 0.752, 0.717, 0.8, 0.318,
  0.66, 0.936, 0.843, 0.665, 0.824, 0.667, 0.647, 0.791, 0.541,
];
const b = [
  0.558, 0.57, 0.448, 0.498, 0.916, 0.448, 0.883, 0.722, 0.445, 0.58, 0.87, 0.261, 0.266, 0.761, 0.608, 0.561,
  0.85, 0.324, 0.726, 0.884, 0.791, 0.475, 0.57, 0.783, 0.605, 0.917, 0.682, 0.584, 0.782, 0.867, 0.274,
  0.684, 0.984, 0.896, 0.727, 0.748, 0.788, 0.492, 0.847, 0.56,
];

describe('resampling', () => {
  test('pairedBootstrap, scipy.stats.bootstrap "BCa" with 400,000 resamples', () => {
    closeInterval(pairedBootstrap(a, b, { resamples: 100_000 }), 0.005225, 0.05575, 4e-4);
  });

  test('the same seed gives the same interval, another seed another, and swapping the sides mirrors it', () => {
    const options = { resamples: 2000, seed: 5 };
    expect(pairedBootstrap(a, b, options)).toEqual(pairedBootstrap(a, b, options));
    expect(pairedBootstrap(a, b, options)).not.toEqual(pairedBootstrap(a, b, { ...options, seed: 6 }));
    const [there, back] = [pairedBootstrap(a, b, options), pairedBootstrap(b, a, options)];
    closeInterval({ low: -back.high, high: -back.low }, there.low, there.high, 5e-3);
  });

  test('studentMean, scipy.stats.t.interval', () => {
    const difference = a.map((value, index) => value - (b[index] ?? 0));
    closeInterval(studentMean(difference), 0.0034229422758551634, 0.05627705772414483);
  });

  test('signFlip, scipy.stats.permutation_test "samples": exact for twelve pairs, drawn for forty', () => {
    close(signFlip(a.slice(0, 12), b.slice(0, 12)).p, 0.00537109375);
    close(signFlip(a, b, { resamples: 100_000 }).p, 0.028624928437678904, 2e-3);
    expect(signFlip([1, 1], [1, 1])).toEqual({ p: 1 });
  });

  test('pairs must pair, and must be numbers', () => {
    expect(() => pairedBootstrap([1], [1, 2])).toThrow(RangeError);
    expect(() => pairedBootstrap([], [])).toThrow(RangeError);
    expect(() => pairedBootstrap([Number.NaN], [1])).toThrow(RangeError);
  });
});

describe('families', () => {
  const p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.6];
  test('holm and benjaminiHochberg, multipletests', () => {
    for (const [index, value] of [0.05, 0.12, 0.12, 0.03, 0.4, 0.6].entries()) {
      close(holm(p)[index] ?? Number.NaN, value);
    }
    for (const [index, value] of [0.03, 0.06, 0.06, 0.03, 0.24, 0.6].entries()) {
      close(benjaminiHochberg(p)[index] ?? Number.NaN, value);
    }
  });

  test('clusteredError, OLS on a constant with cov_type "cluster" and no correction', () => {
    const { mean, standardError } = clusteredError(
      a,
      a.map((_, index) => Math.floor(index / 4)),
    );
    close(mean, 0.685725);
    close(standardError, 0.02343030756306883);
  });
});
