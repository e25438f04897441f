import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { newTenant } from './access.ts';
import { openai } from './openai.ts';
import { fetchService } from './service.ts';
import { workerWith } from './upstream.ts';

describe('models', () => {
  test('/health needs no key and says which models answer, and which stand in for others', async () => {
    const response = await fetchService('http://selvedge.test/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      models: {
        chat: { state: 'ready', stands_in: expect.stringContaining('SmolLM2'), answers: 'quote' },
        embedding: { name: '@cf/baai/bge-small-en-v1.5', state: 'ready', stands_in: null },
        rerank: { state: 'ready', stands_in: expect.stringContaining('MiniLM') },
      },
    });
  });

  test('/v1/models lists every name and every alias, and each can be asked for', async () => {
    const client = openai(await newTenant());
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names).toEqual(expect.arrayContaining(['default', 'default-embedding', 'default-rerank']));
    for (const name of names)
      expect(await client.models.retrieve(name)).toMatchObject({ id: name, object: 'model' });
    await expect(client.models.retrieve('gpt-0')).rejects.toMatchObject({ status: 404 });
  });

  test('/api/models has prices, and says where another model stands in', async () => {
    const account = await newTenant();
    const { data } = await (await account.fetch('/api/models')).json<{ data: unknown[] }>();
    expect(data).toContainEqual(
      expect.objectContaining({
        name: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
        aliases: ['default'],
        stands_in: expect.stringContaining('SmolLM2'),
        notional: true,
        price: { input_usd_per_million: 0.293, output_usd_per_million: 2.253 },
      }),
    );
    for (const alias of ['default-embedding', 'default-rerank']) {
      const pair = expect.objectContaining({ aliases: [alias], calibration: 'measured' });
      expect(data).toContainEqual(pair);
    }
  });

  test('MOD-9: a pair of models that nobody has measured says so', async () => {
    const account = await newTenant();
    const model = {
      name: 'r',
      task: 'rerank',
      target: { kind: 'workers-ai', model: '@cf/baai/bge-reranker-base' },
    };
    const CATALOGUE = JSON.stringify({ models: [model], aliases: { 'default-rerank': 'r' } });
    const health = await workerWith({ CATALOGUE })('http://selvedge.test/health');
    expect(await health.json()).toMatchObject({ calibration: 'fallback' });
    const answer = await account.fetch('/health');
    expect(await answer.json()).toMatchObject({ calibration: 'measured' });
  });

  test('a provider whose key is not set is not in the catalogue', async () => {
    const account = await newTenant();
    const { data } = await (await account.fetch('/v1/models')).json<{ data: { id: string }[] }>();
    expect(data.map((model) => model.id).filter((id) => /gpt|claude/.test(id))).toEqual([]);
  });
});

describe('POST /v1/embeddings', () => {
  test('reads bge at its [CLS] token, which Workers AI does only when told', async () => {
    const client = openai(await newTenant());
    const input = 'A lighthouse stands on the northern shore.';
    const { data } = await client.embeddings.create({ model: 'default-embedding', input });
    const run = async (more: object) => {
      const answer = await env.AI.run('@cf/baai/bge-small-en-v1.5', { text: input, ...more });
      return 'data' in answer ? (answer.data?.[0] ?? []) : [];
    };
    const cosine = (other: readonly number[]) =>
      other.reduce((sum, value, at) => sum + value * (data[0]?.embedding[at] ?? 0), 0);
    expect(cosine(await run({ pooling: 'cls' }))).toBeCloseTo(1, 5);
    expect(cosine(await run({}))).toBeLessThan(0.999);
  });

  test('gives the same vectors as floats and as base64', async () => {
    const client = openai(await newTenant());
    const input = ['a bicycle', 'a bell'];
    const floats = await client.embeddings.create({
      model: 'default-embedding',
      input,
      encoding_format: 'float',
    });
    // The client asks for base64 by default and decodes it.
    const decoded = await client.embeddings.create({ model: 'default-embedding', input });
    expect(floats.data.map((row) => row.embedding.length)).toEqual([384, 384]);
    for (const [place, row] of decoded.data.entries()) {
      for (const [at, value] of row.embedding.entries()) {
        expect(value).toBeCloseTo(floats.data[place]?.embedding[at] ?? Number.NaN, 6);
      }
    }
    expect(floats.usage).toMatchObject({ prompt_tokens: expect.any(Number), cost_usd: expect.any(Number) });
  });

  test.each([
    [{ input: '' }, 'input'],
    [{ input: 'x', dimensions: 2 }, 'dimensions'],
    [{ input: 'x', model: 'default' }, 'model'],
    [{ input: 'x', encoding_format: 'int8' }, 'encoding_format'],
  ])('refuses %j by the name of the field', async (body, param) => {
    const account = await newTenant();
    const response = await account.send('POST', '/v1/embeddings', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
