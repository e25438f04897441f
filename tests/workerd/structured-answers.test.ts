import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { clientWith, completion, Upstream } from './upstream.ts';

/** Answers in JSON of a schema, from providers that keep to it and from others. */
let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

describe('a structured answer', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const format = { type: 'json_schema' as const, name: 'count', schema };
  const ask = (upstream: Upstream, more: object = {}) =>
    clientWith(account, upstream.catalogue()).responses.create({
      input: 'Count.',
      text: { format },
      ...more,
    });

  test('is asked for again once, and then never completed and invalid', async () => {
    const upstream = await Upstream.saying(completion({ content: '{"n":"one"}' }));
    expect(await ask(upstream)).toMatchObject({
      status: 'failed',
      error: { code: 'schema_not_satisfied' },
      output: [],
    });
    expect(await upstream.received()).toHaveLength(2);
    const mended = await Upstream.saying(
      completion({ content: '{"n":"one"}' }),
      completion({ content: '{"n":1}' }),
    );
    expect(await ask(mended)).toMatchObject({ status: 'completed', output_text: '{"n":1}' });
  });

  test('SEC-1: a pattern that would freeze a backtracking engine is checked at once', async () => {
    const frozen = { type: 'object', properties: { n: { type: 'string', pattern: '^(a+)+$' } } };
    const upstream = await Upstream.saying(completion({ content: `{"n":"${'a'.repeat(5_000)}!"}` }));
    // A backtracking engine would not come back at all.
    expect(await ask(upstream, { text: { format: { ...format, schema: frozen } } })).toMatchObject({
      status: 'failed',
      error: { code: 'schema_not_satisfied' },
    });
  });

  test('a stream of it ends with response.failed', async () => {
    const upstream = await Upstream.saying(completion({ content: 'one' }));
    const stream = await clientWith(account, upstream.catalogue()).responses.create({
      input: 'Count.',
      text: { format },
      stream: true,
    });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual(['response.created', 'response.in_progress', 'response.failed']);
  });

  test('json_object is an object', async () => {
    const upstream = await Upstream.saying(completion({ content: '[1]' }));
    expect(await ask(upstream, { text: { format: { type: 'json_object' } } })).toMatchObject({
      status: 'failed',
    });
  });

  test('may call a tool first', async () => {
    const call = { id: 'call_a', type: 'function', function: { name: 'count', arguments: '{}' } };
    const upstream = await Upstream.saying(completion({ tool_calls: [call] }, 'tool_calls'));
    const tools = [{ type: 'function', name: 'count', parameters: {} }];
    expect(await ask(upstream, { tools })).toMatchObject({
      status: 'completed',
      output: [{ type: 'function_call', call_id: 'call_a' }],
    });
  });

  test('about documents that do not hold it fails, and says that they do not', async () => {
    const upstream = await Upstream.saying(completion({ content: '{"n":1}' }));
    const tools = [{ type: 'file_search', vector_store_ids: [store] }];
    const answer = await ask(upstream, { tools, input: 'Who won the football world championship in 1974?' });
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'schema_not_satisfied' } });
    expect(await upstream.received()).toEqual([]);
  });

  test.each([
    { $ref: '#/$defs/missing' },
    { type: 'object', properties: { a: { $ref: 'https://elsewhere.test/schema' } } },
    { $ref: '#' },
    { properties: null },
    { type: 'object', properties: { a: { type: 'string', pattern: '(?=a)b' } } },
  ])('a schema that cannot be checked is refused: %j', async (broken) => {
    const text = { format: { type: 'json_schema', name: 'x', schema: broken } };
    const response = await account.send('POST', '/v1/responses', { input: 'x', text });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'text.format.schema' } });
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema: broken } };
    const other = await account.send('POST', '/v1/chat/completions', {
      messages: [{ role: 'user', content: 'x' }],
      response_format,
    });
    expect(other.status).toBe(400);
  });
});
