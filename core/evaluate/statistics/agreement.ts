import { notMeasurable, type Score } from '../score.ts';
import { normalQuantile } from './distributions.ts';
import { alphaOf, type Interval, type Level } from './interval.ts';

type NotMeasurable = Extract<Score, { kind: 'not-measurable' }>;
export type Label = string | number;

/** Numbers by size, then texts by code unit: the order that weights count steps in. */
const inOrder = (labels: readonly Label[]): readonly Label[] =>
  [...new Set(labels)].sort((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return a < b ? -1 : 1;
  });

export interface KappaOptions extends Level {
  /** How much a near miss agrees, in steps between the labels that occur; none without it. */
  readonly weights?: 'linear' | 'quadratic';
}

/**
 * Agreement of two raters beyond chance (Cohen 1960, 1968), with the large-sample interval of Fleiss, Cohen and
 * Everitt (1969), which may reach beyond 1. Not measurable without items, or when both used one label only.
 */
export function cohenKappa(
  a: readonly Label[],
  b: readonly Label[],
  options: KappaOptions = {},
): ({ readonly kappa: number } & Interval) | NotMeasurable {
  if (a.length !== b.length) throw new RangeError(`Cannot pair ${a.length} labels with ${b.length}`);
  const z = normalQuantile(1 - alphaOf(options) / 2);
  const labels = inOrder([...a, ...b]);
  const n = a.length;
  if (n === 0) return notMeasurable('there is nothing that both have rated');
  if (labels.length === 1) return notMeasurable('both have used one label only');
  const index = new Map(labels.map((label, place) => [label, place]));
  const steps = labels.length - 1;
  const weight = (i: number, j: number): number => {
    const distance = Math.abs(i - j) / steps;
    if (options.weights === 'linear') return 1 - distance;
    if (options.weights === 'quadratic') return 1 - distance * distance;
    return i === j ? 1 : 0;
  };
  const places = [a, b].map((side) => side.map((label) => index.get(label) ?? 0));
  const shares = places.map((side) => labels.map((_, i) => side.filter((place) => place === i).length / n));
  const [rows = [], columns = []] = shares;
  const average = (share: readonly number[], i: number) =>
    share.reduce((sum, p, j) => sum + p * weight(i, j), 0);
  const rowWeights = labels.map((_, i) => average(columns, i));
  const columnWeights = labels.map((_, j) => average(rows, j));
  const items = (places[0] ?? []).map((i, item) => [i, places[1]?.[item] ?? 0] as const);
  const observed = items.reduce((sum, [i, j]) => sum + weight(i, j), 0) / n;
  const expected = rowWeights.reduce((sum, w, i) => sum + w * (rows[i] ?? 0), 0);
  const spread =
    items.reduce((sum, [i, j]) => {
      const both = (rowWeights[i] ?? 0) + (columnWeights[j] ?? 0);
      return sum + (weight(i, j) * (1 - expected) - both * (1 - observed)) ** 2;
    }, 0) / n;
  const variance =
    (spread - (observed * expected - 2 * expected + observed) ** 2) / (n * (1 - expected) ** 4);
  const kappa = (observed - expected) / (1 - expected);
  const half = z * Math.sqrt(Math.max(0, variance));
  return { kappa, low: kappa - half, high: kappa + half };
}

/**
 * Agreement of many raters (Fleiss 1971). `counts[item][category]`: how many raters gave it; every item has the
 * same number of ratings.
 */
export function fleissKappa(
  counts: readonly (readonly number[])[],
): { readonly kappa: number } | NotMeasurable {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const ratings = totals[0] ?? 0;
  if (totals.some((total) => total !== ratings)) {
    throw new RangeError(`Cannot compare items with ${[...new Set(totals)].join(' and ')} ratings`);
  }
  if (ratings < 2) return notMeasurable('no item has two ratings');
  const categories = counts[0]?.map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0)) ?? [];
  const expected = categories.reduce((sum, total) => sum + (total / (ratings * counts.length)) ** 2, 0);
  if (expected === 1) return notMeasurable('all ratings are one category');
  const observed =
    counts.reduce((sum, row) => {
      const squares = row.reduce((total, count) => total + count * count, 0);
      return sum + (squares - ratings) / (ratings * (ratings - 1));
    }, 0) / counts.length;
  return { kappa: (observed - expected) / (1 - expected) };
}

export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio';

/**
 * Agreement of any number of raters with gaps (Krippendorff 2004, chapter 11). `raters[rater][item]` is a
 * number, or null where the rater gave none; items with one rating do not count.
 */
export function krippendorffAlpha(
  raters: readonly (readonly (number | null)[])[],
  { level }: { readonly level: MeasurementLevel },
): { readonly alpha: number } | NotMeasurable {
  const length = Math.max(0, ...raters.map((rater) => rater.length));
  const items = Array.from({ length }, (_, item) =>
    raters.flatMap((rater) => (rater[item] === null || rater[item] === undefined ? [] : [rater[item]])),
  ).filter((ratings) => ratings.length > 1);
  const values = [...new Set(items.flat())].sort((a, b) => a - b);
  if (values.length === 0) return notMeasurable('no item has two ratings');
  if (values.length === 1) return notMeasurable('all ratings are one value');
  const total = items.flat().length;
  const frequency = values.map((value) => items.flat().filter((each) => each === value).length);
  const difference = differenceOf(level, values, frequency);
  const place = new Map(values.map((value, index) => [value, index]));
  const pairs = (ratings: readonly number[]) =>
    ratings.reduce(
      (sum, x) =>
        sum + ratings.reduce((inner, y) => inner + difference(place.get(x) ?? 0, place.get(y) ?? 0), 0),
      0,
    );
  const observed = items.reduce((sum, ratings) => sum + pairs(ratings) / (ratings.length - 1), 0) / total;
  let expected = 0;
  for (const [i, own] of frequency.entries()) {
    for (const [j, other] of frequency.entries()) expected += own * other * difference(i, j);
  }
  return { alpha: 1 - (observed * total * (total - 1)) / expected };
}

/** Squared differences between two values, given by their places in the order. */
function differenceOf(
  level: MeasurementLevel,
  values: readonly number[],
  frequency: readonly number[],
): (i: number, j: number) => number {
  return (i, j) => {
    if (i === j) return 0;
    const [x, y] = [values[i] ?? 0, values[j] ?? 0];
    switch (level) {
      case 'nominal':
        return 1;
      case 'interval':
        return (x - y) ** 2;
      case 'ratio':
        return ((x - y) / (x + y)) ** 2;
      case 'ordinal': {
        const between = frequency.slice(Math.min(i, j), Math.max(i, j) + 1);
        const ranks = between.reduce((sum, count) => sum + count, 0);
        return (ranks - ((frequency[i] ?? 0) + (frequency[j] ?? 0)) / 2) ** 2;
      }
    }
  };
}
