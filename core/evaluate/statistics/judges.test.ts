import { describe, expect, test } from 'vitest';
import {
  cohenKappa,
  confidenceSequence,
  fleissKappa,
  krippendorffAlpha,
  msprt,
  ppiMean,
  roganGladen,
} from './index.ts';
import { seededRandom } from './random.ts';

// Reference values: statsmodels 0.15.0, krippendorff 0.9.0, and the formulas of ppi_py 0.2.3 in NumPy.

const close = (actual: number, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance);
const digits = (text: string) => [...text].map(Number);

describe('agreement', () => {
  const a = digits('311113321112221133112232222213');
  const b = digits('311113221212221133212222222233');

  test.each([
    [undefined, 0.7435897435897437, 0.5436251384014119, 0.9435543487780755],
    ['linear', 0.75, 0.5404899835349323, 0.9595100164650677],
    ['quadratic', 0.7575757575757576, 0.5094241704683495, 1.0057273446831656],
  ] as const)('cohenKappa with weights %s, cohens_kappa', (weights, kappa, low, high) => {
    const found = cohenKappa(a, b, weights === undefined ? {} : { weights });
    if ('kind' in found) throw new Error(found.reason);
    close(found.kappa, kappa);
    close(found.low, low);
    close(found.high, high);
  });

  test('labels may be words; one label only, or none, is not measurable', () => {
    const words = (side: readonly number[]) => side.map((label) => ['poor', 'fair', 'good'][label - 1] ?? '');
    expect(cohenKappa(words(a), words(b))).toMatchObject({ kappa: expect.closeTo(0.7435897435897437, 9) });
    expect(cohenKappa(['x', 'x'], ['x', 'x'])).toMatchObject({ kind: 'not-measurable' });
    expect(cohenKappa([], [])).toMatchObject({ kind: 'not-measurable' });
    expect(() => cohenKappa(['x'], [])).toThrow(RangeError);
  });

  test('fleissKappa, fleiss_kappa on the example of his paper', () => {
    const counts = [
      '0 0 0 0 14',
      '0 2 6 4 2',
      '0 0 3 5 6',
      '0 3 9 2 0',
      '2 2 8 1 1',
      '7 7 0 0 0',
      '3 2 6 3 0',
    ]
      .concat('2 5 3 2 2', '6 5 2 1 0', '0 2 2 3 7')
      .map((row) => row.split(' ').map(Number));
    const found = fleissKappa(counts);
    if ('kind' in found) throw new Error(found.reason);
    close(found.kappa, 0.20993070442195522);
    expect(fleissKappa([[3, 0]])).toMatchObject({ kind: 'not-measurable' });
    expect(() => fleissKappa([[3], [2]])).toThrow(RangeError);
  });

  test.each([
    ['nominal', 0.743421052631579],
    ['ordinal', 0.8153875037548814],
    ['interval', 0.8491071428571428],
    ['ratio', 0.7974027747116121],
  ] as const)('krippendorffAlpha %s, krippendorff.alpha on the example of his book', (level, alpha) => {
    const _ = null;
    const found = krippendorffAlpha(
      [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
      ],
      { level },
    );
    if ('kind' in found) throw new Error(found.reason);
    close(found.alpha, alpha);
  });

  test('krippendorffAlpha without two ratings of anything is not measurable', () => {
    expect(
      krippendorffAlpha(
        [
          [1, null],
          [null, 2],
        ],
        { level: 'nominal' },
      ),
    ).toMatchObject({ kind: 'not-measurable' });
    expect(krippendorffAlpha([], { level: 'nominal' })).toMatchObject({ kind: 'not-measurable' });
  });
});

describe('corrected judges', () => {
  const human = digits('100101010110001111101110001101111111111111011110110111111010');
  const judge = digits('000101010110001111101110101101101110011011010110110111111010');
  const unlabelled = digits(
    '1010101101110110111101111111101000110111111101011110111100110010010111111110010101111100000000111100111011111110010111101110010111111010101011110101100101111101000111101101110111000010100101110111111011000100101011110101111101101110111101101111110111111011110111101011111011110100101010111001110000011111000100011101010011110001111101100000111111011011001000110100011110101010100101011111000101101100',
  );

  test.each([
    [undefined, 0.7083384932920536, 0.6261204125658196, 0.7905565740182875],
    [1, 0.7133333333333334, 0.6170862549320224, 0.8095804117346443],
    [0.5, 0.7066666666666667, 0.6229350038287595, 0.7903983295045738],
  ])('ppiMean with λ %s, ppi_mean_ci', (lambda, estimate, low, high) => {
    const found = ppiMean({ human, judge, unlabelled, ...(lambda === undefined ? {} : { lambda }) });
    close(found.estimate, estimate);
    close(found.low, low);
    close(found.high, high);
  });

  test('a judge that says one thing only leaves the people’s mean', () => {
    const found = ppiMean({ human: [0, 1, 1], judge: [1, 1, 1], unlabelled: [1, 1] });
    close(found.estimate, 2 / 3);
  });

  test('roganGladen by hand: (.8 + .9 − 1) / (.9 + .85 − 1)', () => {
    const rate = { passRate: 0.8, n: 500, specificity: 0.9, negatives: 50, sensitivity: 0.85, positives: 80 };
    const found = roganGladen(rate);
    if ('kind' in found) throw new Error(found.reason);
    close(found.estimate, 0.7 / 0.75);
    const theta = 0.7 / 0.75;
    const variance = 0.16 / 500 + ((1 - theta) ** 2 * 0.09) / 50 + (theta ** 2 * 0.1275) / 80;
    close(found.standardError, Math.sqrt(variance) / 0.75);
    expect(roganGladen({ ...rate, passRate: 0 })).toMatchObject({ estimate: 0 });
    expect(roganGladen({ ...rate, specificity: 0.1 })).toMatchObject({ kind: 'not-measurable' });
  });
});

describe('sequential', () => {
  test('msprt and confidenceSequence by hand', () => {
    const { lambda, p } = msprt({ difference: 0.1, variance: 0.5, n: 200, tau2: 0.01 });
    close(lambda, Math.sqrt(0.0025 / 0.0125) * Math.exp(0.0001 / (2 * 0.0025 * 0.0125)));
    close(p, 1 / lambda);
    const rho2 = (-2 * Math.log(0.05) + Math.log(-2 * Math.log(0.05)) + 1) / 100;
    const grown = 200 * 0.5 * rho2 + 1;
    const { margin } = confidenceSequence({ mean: 0, variance: 0.5, n: 200, alpha: 0.05 });
    close(margin, Math.sqrt((grown / (200 * 200 * rho2)) * Math.log(grown / 0.0025)));
    expect(() => msprt({ difference: 0, variance: 0, n: 1, tau2: 1 })).toThrow(RangeError);
  });

  test('looking a hundred times at no difference raises few alarms', () => {
    const rounds = 400;
    const alarms = { msprt: 0, sequence: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const random = seededRandom(round);
      let [sum, squares] = [0, 0];
      const alarmed = { msprt: false, sequence: false };
      for (let n = 1; n <= 1000; n += 1) {
        const difference = (random() < 0.6 ? 1 : 0) - (random() < 0.6 ? 1 : 0);
        sum += difference;
        squares += difference * difference;
        if (n < 50 || n % 10 > 0) continue;
        const mean = sum / n;
        const variance = squares / n - mean * mean;
        alarmed.msprt ||= msprt({ difference: mean, variance, n, tau2: 0.0025 }).p < 0.05;
        alarmed.sequence ||= Math.abs(mean) > confidenceSequence({ mean, variance, n, alpha: 0.05 }).margin;
      }
      if (alarmed.msprt) alarms.msprt += 1;
      if (alarmed.sequence) alarms.sequence += 1;
    }
    expect(alarms.msprt / rounds).toBeLessThan(0.05);
    expect(alarms.sequence / rounds).toBeLessThan(0.05);
  });
});
