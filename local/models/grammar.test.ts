import { describe, expect, test } from 'vitest';
import { grammarSchema } from './grammar.ts';
import { Refusal } from './refusal.ts';

const refusal = (schema: unknown): Refusal => {
  try {
    grammarSchema(schema, 'schema');
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('not refused');
};

describe('JSON Schema as a grammar', () => {
  test('keeps the shape, follows definitions, and lets bounds on values through', () => {
    expect(
      grammarSchema(
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          properties: {
            who: { type: ['string', 'null'], title: 'Name', maxLength: 20 },
            age: { type: 'integer', minimum: 0 },
            tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 1, maxItems: 3 },
            kind: { anyOf: [{ const: 'a' }, { enum: ['b', 1, null] }] },
            at: { type: 'string', format: 'date-time' },
          },
          required: ['who'],
          additionalProperties: false,
          $defs: { tag: { type: 'string', description: 'one word' } },
        },
        'schema',
      ),
    ).toEqual({
      type: 'object',
      properties: {
        who: { oneOf: [{ type: 'string', maxLength: 20 }, { type: 'null' }] },
        age: { type: 'integer' },
        tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 1, maxItems: 3 },
        kind: { oneOf: [{ const: 'a' }, { enum: ['b', 1, null] }] },
        at: { type: 'string', format: 'date-time' },
      },
      $defs: { tag: { type: 'string', description: 'one word' } },
    });
  });

  test.each([
    [{ type: 'object', properties: { x: { allOf: [{ type: 'string' }] } } }, 'schema.properties.x'],
    [{ type: 'object', patternProperties: {} }, 'schema.patternProperties'],
    [{ type: 'string', not: { const: 'x' } }, 'schema.not'],
    [{ $ref: 'https://elsewhere.example/schema' }, 'schema.$ref'],
    [{ type: 'array', items: 7 }, 'schema.items'],
    [{ const: { deep: true } }, 'schema.const'],
    [{}, 'schema.type'],
  ])('refuses what it cannot hold, and says where: %j', (schema, where) => {
    const { status, code, param } = refusal(schema);
    expect([status, code]).toEqual([400, 'schema_not_supported']);
    expect(param).toMatch(new RegExp(`^${where.replace(/[$.]/g, '\\$&')}`));
  });
});
