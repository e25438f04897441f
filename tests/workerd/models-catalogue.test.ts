import { createExecutionContext, env, waitOnExecutionContext } from 'cloudflare:test';
import OpenAI from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import worker from '../../workers/index.ts';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';

let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

const served = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';

/** A client of a Worker whose operator has set this `CATALOGUE`. */
function clientWith(catalogue: unknown): OpenAI {
  const own = { ...env, CATALOGUE: JSON.stringify(catalogue) };
  return new OpenAI({
    apiKey: account.secret,
    baseURL: 'http://selvedge.test/v1',
    maxRetries: 0,
    fetch: async (input, init) => {
      const context = createExecutionContext();
      const response = await worker.fetch(
        new Request(input as RequestInfo, init as RequestInit),
        own,
        context,
      );
      void waitOnExecutionContext(context);
      return response;
    },
  });
}

const vllm = (url: string) => ({
  models: [
    {
      name: 'ours',
      task: 'chat',
      target: { kind: 'vllm', model: served, base_url: `${url}/v1` },
      price: { input_per_million: 1, output_per_million: 2 },
      answers: 'generate',
      tools: true,
      json_schema: true,
    },
  ],
  aliases: { default: 'ours' },
});

const modelServer = (env as unknown as { MODEL_SERVER_URL: string }).MODEL_SERVER_URL;
const nobody = 'http://127.0.0.1:9';
const search = () => [{ type: 'file_search' as const, vector_store_ids: [store] }];

describe('a catalogue target of kind vllm', () => {
  test('streams from its URL, at its own price', async () => {
    const stream = await clientWith(vllm(modelServer)).chat.completions.create({
      model: 'default',
      messages: [{ role: 'user', content: 'Say hello.' }],
      max_completion_tokens: 12,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length).toBeGreaterThan(1);
    const usage = chunks.at(-1)?.usage;
    const cost = ((usage?.prompt_tokens ?? 0) + 2 * (usage?.completion_tokens ?? 0)) / 1e6;
    expect(usage).toMatchObject({ cost_usd: cost });
  }, 30_000);

  test('writes from documents, and only what its citations hold is shown', async () => {
    const response = await clientWith(vllm(modelServer)).responses.create({
      input: 'How long are frames guaranteed?',
      // One passage: a small model on a busy machine reads some 100 tokens a second.
      tools: [{ type: 'file_search', vector_store_ids: [store], max_num_results: 1 }],
      max_output_tokens: 60,
      temperature: 0,
    });
    expect(response.status).toBe('completed');
    expect(response.output_text).toContain('ten years');
    expect(JSON.stringify(response.output)).toContain('"file_citation"');
  }, 120_000);

  test('that does not answer is a 503 in OpenAI’s envelope', async () => {
    const call = clientWith(vllm(nobody)).responses.create({ input: 'Say hello.' });
    await expect(call).rejects.toMatchObject({ status: 503, code: 'upstream_unavailable' });
  }, 30_000);

  test('that does not answer leaves the documents to speak for themselves', async () => {
    const response = await clientWith(vllm(nobody)).responses.create({
      input: 'How long are frames guaranteed?',
      tools: search(),
    });
    expect(response.output_text).toContain('“Frames are guaranteed for ten years from the day of purchase.');
  }, 30_000);
});

describe('CATALOGUE', () => {
  test('a new name is listed beside the built-in ones', async () => {
    const names = [];
    for await (const model of clientWith(vllm(modelServer)).models.list()) names.push(model.id);
    expect(names).toEqual(expect.arrayContaining(['ours', served, 'default']));
  });
});
