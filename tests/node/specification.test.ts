import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allRules, citedRules, rulesIn, specification, unknownPrefixes } from '../specification.ts';

const rules = allRules();

test('a rule is read from a head, over several lines, up to the next one', () => {
  const source =
    '/**\n * Head.\n *\n *  AGT-1 One\n *     and more.\n *  AGT-2 Two.\n *\n * Not a rule.\n */';
  expect(rulesIn('core/x.ts', source).map(({ id, text }) => [id, text])).toEqual([
    ['AGT-1', 'One and more.'],
    ['AGT-2', 'Two.'],
  ]);
});

test('no two rules share an id, and every prefix has an area', () => {
  const ids = rules.map(({ id }) => id);
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  expect(unknownPrefixes(rules)).toEqual([]);
});

test('every rule is cited by the title of a test, and every rule that a title cites is there', () => {
  const cited = citedRules();
  expect(rules.map(({ id }) => id).filter((id) => !cited.has(id))).toEqual([]);
  const known = new Set(rules.map(({ id }) => id));
  const areas = new Set([...known].map((id) => id.slice(0, 3)));
  expect([...cited].filter((id) => areas.has(id.slice(0, 3)) && !known.has(id))).toEqual([]);
});

test('SPEC.md is what the heads say (npm run spec)', () => {
  expect(readFileSync('SPEC.md', 'utf8')).toBe(specification(rules));
});
