import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ChatCompletion } from '../../contract/chat-completions.ts';
import { CreateChatCompletionRequest } from '../../contract/chat-request.ts';
import { EmbeddingList } from '../../contract/embeddings.ts';
import { chatFields, responseFields } from '../../contract/field-policy.ts';
import { File } from '../../contract/files.ts';
import { Model } from '../../contract/models.ts';
import * as examples from '../../contract/openai-examples.ts';
import { Response } from '../../contract/response.ts';
import { CreateResponseRequest } from '../../contract/response-request.ts';
import { SearchResultsPage } from '../../contract/search.ts';
import { FileBatch, FileContentPage, VectorStoreFile } from '../../contract/vector-store-files.ts';
import { VectorStore } from '../../contract/vector-stores.ts';
import { clearest, expectation, type Issue, pathOf } from '../../workers/http/issue.ts';
import { compatibilityTable } from '../compatibility-table.ts';
import { optionalFields, requests, withField } from '../requests.ts';

describe.each(requests)('the request of $path', ({ schema, least, whole }) => {
  const fields = [least, whole].flatMap((body) =>
    optionalFields(schema, body).map((path) => ({ body, path })),
  );

  test('takes what its cases are', () => {
    expect(schema.safeParse(least).error).toBeUndefined();
    expect(schema.safeParse(whole).error).toBeUndefined();
    expect(fields.length).toBeGreaterThan(3);
  });

  test('CON-1: null for an optional field is as if it were absent', () => {
    for (const { body, path } of fields) {
      const absent = schema.safeParse(withField(body, path, undefined));
      // Of two fields one may be needed.
      if (!absent.success) continue;
      const given = schema.safeParse(withField(body, path, null));
      expect(given.error?.issues, path.join('.')).toBeUndefined();
      expect(JSON.stringify(given.data), path.join('.')).toBe(JSON.stringify(absent.data));
    }
  });

  test('the document says what is taken: null, and both members of every union', () => {
    const document = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const properties = document.properties ?? {};
    const { shape } = (schema as z.ZodObject)._zod.def;
    for (const [name, field] of Object.entries(shape)) {
      const said = JSON.stringify(properties[name]);
      const isNullable = (field as z.ZodType).safeParse(null).success;
      if (isNullable && said !== '{}') expect(said, name).toContain('"null"');
    }
  });
});

test('the document has a text and a list for input and for content', () => {
  const response = z.toJSONSchema(CreateResponseRequest, { io: 'input', unrepresentable: 'any' });
  expect(response.properties?.input).toMatchObject({ anyOf: [{ type: 'string' }, { type: 'array' }] });
  expect(response.required).toEqual(['input']);
  const chat = JSON.stringify(
    z.toJSONSchema(CreateChatCompletionRequest, { io: 'input', unrepresentable: 'any' }),
  );
  expect(chat).toContain('"content":{"anyOf":[{"type":"string"');
});

test.each([
  [examples.exampleFile, File],
  [examples.exampleModel, Model],
  [examples.exampleEmbeddings, EmbeddingList],
  [examples.exampleStore, VectorStore],
  [examples.exampleStoreFile, VectorStoreFile],
  [examples.exampleContent, FileContentPage],
  [examples.exampleBatch, FileBatch],
  [examples.exampleSearch, SearchResultsPage],
  [examples.exampleResponse, Response],
  [examples.exampleCompletion, ChatCompletion],
] as const)('the example of an answer is one', (example, schema) => {
  expect((schema as z.ZodType).parse(example)).toEqual(example);
});

describe('CON-3: the table of fields', () => {
  test.each([
    ['/v1/responses', CreateResponseRequest, responseFields],
    ['/v1/chat/completions', CreateChatCompletionRequest, chatFields],
  ])('knows every field of the body of %s, and no other', (_, schema, table) => {
    const named = new Set(Object.keys(table).map((path) => path.split('.')[0]));
    expect([...named].sort()).toEqual(Object.keys(schema.shape).sort());
  });

  test('is what the documentation says', () => {
    const page = readFileSync('docs/reference/compatibility.md', 'utf8');
    for (const table of [responseFields, chatFields]) expect(page).toContain(compatibilityTable(table));
  });
});

test('what is wrong with a body is said in words, with the name of the field', () => {
  const junk = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.constant('x'.repeat(600)),
    fc.array(fc.oneof(fc.integer(), fc.string(), fc.object())),
    fc.object(),
  );
  const cases = requests.flatMap(({ schema, least, whole }) =>
    [least, whole].flatMap((body) =>
      [...optionalFields(schema, body), ...Object.keys(body).map((name) => [name])].map((path) => ({
        schema,
        body,
        path,
      })),
    ),
  );
  fc.assert(
    fc.property(fc.nat(cases.length - 1), junk, (place, value) => {
      const { schema, body, path } = cases[place] ?? { schema: z.never(), body: {}, path: [] };
      const { error } = schema.safeParse(withField(body, path, value));
      if (error === undefined) return;
      const issue = clearest(error.issues[0] as unknown as Issue);
      expect(pathOf(issue)).not.toBe('');
      if (issue.code === 'unrecognized_keys') return;
      expect(expectation(issue)).not.toMatch(
        /Invalid|Too (big|small)|Unrecognized|received|>=|<=|undefined|NaN/,
      );
    }),
    { numRuns: 3_000 },
  );
}, 60_000);
