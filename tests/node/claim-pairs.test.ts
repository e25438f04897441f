import { expect, test } from 'vitest';
import { HALVES, readPairs } from '../../benchmarks/claims/pairs.ts';

const [tuning = [], heldOut = []] = await Promise.all(HALVES.map(readPairs));
const all = [...tuning, ...heldOut];

test('there are enough lies, about as many restatements, and both halves have every kind of lie', () => {
  const lies = all.flatMap((pair) => pair.lies);
  const restatements = all.flatMap((pair) => pair.restatements);
  expect(lies.length).toBeGreaterThanOrEqual(300);
  expect(restatements.length / lies.length).toBeGreaterThan(0.9);
  const kinds = (pairs: readonly (typeof all)[number][]) =>
    [...new Set(pairs.flatMap((pair) => pair.lies.map(({ kind }) => kind)))].sort();
  expect(kinds(tuning)).toEqual(kinds(heldOut));
});

test('no text is in both halves, and no sentence stands twice under a text', () => {
  expect(new Set(all.map(({ evidence }) => evidence)).size).toBe(all.length);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, lies, restatements } of all) {
    const sentences = [...lies, ...restatements].map(({ sentence }) => sentence);
    expect({ id, different: new Set(sentences).size }).toEqual({ id, different: sentences.length });
  }
});
