import type { Schema } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { schemaErrors, schemaFault } from './json-schema.ts';

const text = (pattern: string) => ({ type: 'string', pattern }) as const;

/**
 * Milliseconds of this process's own work, whatever else the machine does; a backtracking engine needs hours for most of
 * these.
 */
function worked(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('a JSON Schema of somebody else', () => {
  test.each([
    ['^(a+)+$', 'a'],
    ['^(a|a)*$', 'a'],
    ['^(a|aa)+$', 'a'],
    ['(.*)*x', 'a'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
    ['^(a?){30}a{30}$', 'a'],
    ['^\\d*\\d*\\d*\\d*x$', '1'],
    ['^(\\w+\\s?)*$', 'a '],
  ])('SEC-1: the pattern %s takes linear time', (pattern, piece) => {
    expect(schemaFault(text(pattern))).toBeNull();
    const value = `${piece.repeat(20_000)}!`;
    expect(worked(() => void schemaErrors(text(pattern), value))).toBeLessThan(2_000);
  });

  test.each([['(?=a)b'], ['(a)\\1'], ['((a{1,100}){1,100}){1,100}'], ['a'.repeat(1_001)], ['(']])(
    'SEC-1: the pattern %s is refused when the schema comes',
    (pattern) => {
      expect(schemaFault({ type: 'object', properties: { a: text(pattern) } })).toContain('pattern');
      expect(() => schemaErrors(text(pattern), 'a')).toThrow();
    },
  );

  test('SEC-1: no place of a schema is forgotten', () => {
    const bad = text('(?=a)b');
    for (const schema of [
      { allOf: [bad] },
      { $defs: { a: bad }, $ref: '#/$defs/a' },
      { items: bad },
      { propertyNames: bad },
      { not: bad },
      { if: bad },
      { dependentSchemas: { a: bad } },
      { properties: { const: bad, pattern: bad } },
      { unheard: bad, $ref: '#/unheard' },
      { patternProperties: { '^(a+)+$': true } },
      { patternProperties: { '(a|b)*': {} } },
    ]) {
      expect(schemaFault(schema as Parameters<typeof schemaFault>[0])).toContain('pattern');
    }
  });

  test('patterns say what they always said', () => {
    const date: Schema = { type: 'string', format: 'date', pattern: '^2\\d{3}', allOf: [{ minLength: 3 }] };
    expect(schemaErrors(date, '2024-02-29')).toEqual([]);
    expect(schemaErrors(date, '1024-02-29').at(-1)).toMatchObject({ keyword: 'pattern' });
    expect(schemaErrors(date, '2023-02-29')).not.toEqual([]);
    expect(schemaErrors(text('^\\p{Lu}\\u00e9$'), 'Bé')).toEqual([]);
    expect(schemaErrors(text('b'), 'abc')).toEqual([]);
    const keyed = {
      type: 'object',
      patternProperties: { '^x-': { type: 'number' } },
      additionalProperties: false,
    } as const;
    expect(schemaErrors(keyed, { 'x-a': 1 })).toEqual([]);
    expect(schemaErrors(keyed, { y: 1 })).not.toEqual([]);
    // A constant that looks like a schema stays the constant.
    expect(schemaErrors({ const: { pattern: 'a' } }, { pattern: 'a' })).toEqual([]);
    expect(schemaErrors({ properties: { pattern: { type: 'number' } } }, { pattern: 1 })).toEqual([]);
  });

  test('a schema is not changed by being used, and may be used again', () => {
    const schema = { type: 'object', properties: { a: text('^a+$') } } as const;
    const before = JSON.stringify(schema);
    expect(schemaErrors(schema, { a: 'aa' })).toEqual([]);
    expect(schemaErrors(schema, { a: 'b' })).not.toEqual([]);
    expect(JSON.stringify(schema)).toBe(before);
  });

  test('SEC-1: texts with a format are bounded', () => {
    const url = { type: 'string', format: 'url' } as const;
    const long = `http://${':'.repeat(200_000)}`;
    expect(worked(() => expect(schemaErrors(url, long)).not.toEqual([]))).toBeLessThan(2_000);
  });
});
