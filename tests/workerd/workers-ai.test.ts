import { createExecutionContext, env } from 'cloudflare:test';
import { embedMany, generateText, Output, rerank, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { createWorkersAI } from 'workers-ai-provider';
import { z } from 'zod';
import type { LocalEnvironment } from '../../local/account/environment.ts';
import { LocalWorkersAi } from '../../local/account/workers-ai.ts';
import { refusal } from './refusal.ts';

const embedding = '@cf/baai/bge-small-en-v1.5';
const reranker = '@cf/baai/bge-reranker-base';
const chat = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';

/** The models are real, and the machine may be busy. */
const patient = { timeout: 60_000 };

/** The binding with another model server behind it than the running one. */
const behind = (url: string) =>
  new LocalWorkersAi(createExecutionContext(), {
    ...env,
    MODEL_SERVER_URL: url,
  } as unknown as LocalEnvironment);

describe('Workers AI on a laptop, by its binding', patient, () => {
  test('embeds one text or several, in order', async () => {
    const one = await env.AI.run(embedding, { text: 'a bicycle' });
    expect(one).toMatchObject({ shape: [1, 384], pooling: 'mean' });
    const several = await env.AI.run(embedding, { text: ['tax law', 'a bicycle'] });
    expect(several).toMatchObject({ shape: [2, 384] });
    expect(vectors(several)[1]?.[0]).toBeCloseTo(vectors(one)[0]?.[0] ?? Number.NaN, 2);
  });

  test('reranks by index, best first, and keeps to top_k', async () => {
    const contexts = [{ text: 'Bread needs yeast.' }, { text: 'The warranty lasts five years.' }];
    const inputs = { query: 'How long is the warranty?', contexts, top_k: 1 };
    const { response } = await env.AI.run(reranker, inputs);
    expect(response).toHaveLength(1);
    expect(response?.[0]?.id).toBe(1);
    expect(response?.[0]?.score).toBeGreaterThan(0.5);
  });

  test('streams server-sent events of its own shape', async () => {
    const stream = await env.AI.run(chat, { prompt: 'Say hello.', max_tokens: 8, stream: true });
    const text = await new Response(stream).text();
    const events = text.trim().split('\n\n');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.replace('data: ', '')));
    expect(chunks.map((chunk) => chunk.response).join('')).not.toBe('');
    expect(chunks.at(-1).usage.completion_tokens).toBeGreaterThan(0);
  });

  test('answers with a raw response when asked to, errors too', async () => {
    const raw = { returnRawResponse: true } as const;
    const response = await env.AI.run(chat, { prompt: 'Say hello.', max_tokens: 4 }, raw);
    expect(await response.json()).toMatchObject({ usage: { completion_tokens: expect.any(Number) } });
    const refused = await env.AI.run(embedding, { text: '' }, raw);
    expect(refused.status).toBe(400);
  });

  test('lists its models and says which one stands in for another', async () => {
    const models = await env.AI.models();
    const properties = (name: string) => models.find((model) => model.name === name)?.properties ?? [];
    expect(models.map((model) => model.name)).toEqual(expect.arrayContaining([embedding, reranker, chat]));
    expect(properties(embedding)).toEqual([
      { property_id: 'state', value: 'ready' },
      { property_id: 'notional', value: 'true' },
    ]);
    expect(properties(chat)).toContainEqual({ property_id: 'answers', value: 'quote' });
    expect(properties(chat)).toContainEqual({
      property_id: 'stands_in',
      value: expect.stringContaining('SmolLM2'),
    });
    expect(await env.AI.models({ task: 'Text Embeddings' })).toHaveLength(1);
  });
});

describe('its refusals carry the documented codes', patient, () => {
  test('5007 for a model that is not there', async () => {
    expect(await refusal(env.AI.run('@cf/nobody/nothing', { prompt: 'x' }))).toMatch(
      /^5007: No such model @cf\/nobody\/nothing or task/,
    );
  });

  test('5006 for input that the model does not take', async () => {
    expect(await refusal(env.AI.run(embedding, { text: Array(101).fill('x') }))).toMatch(/^5006: .*'\/text'/);
    expect(await refusal(env.AI.run(reranker, { query: 'x' } as never))).toMatch(/^5006: .*'\/contexts'/);
    expect(await refusal(env.AI.run(chat, {} as never))).toMatch(/^5006: .*'prompt', or 'messages'/);
  });

  test('3040 while the model server does not answer', async () => {
    const away = behind('http://127.0.0.1:9');
    expect(await refusal(away.run(embedding, { text: 'x' }))).toMatch(/^3040: Capacity temporarily exceeded/);
  });

  test('what an account on a laptop does not have says so', async () => {
    expect(() => behind('http://127.0.0.1:9').gateway('default')).toThrow(/not part of the local Cloudflare/);
  });
});

describe('the AI SDK through workers-ai-provider', patient, () => {
  const workersAi = createWorkersAI({ binding: env.AI });

  test('generates and streams with usage', async () => {
    const options = { model: workersAi(chat), prompt: 'Say hello.', maxOutputTokens: 8 };
    const { text, usage } = await generateText(options);
    expect(text).not.toBe('');
    expect(usage.outputTokens).toBeGreaterThan(0);
    const streamed = streamText(options);
    expect(await streamed.text).not.toBe('');
    expect((await streamed.usage).inputTokens).toBeGreaterThan(0);
  });

  test('generates JSON to a schema', async () => {
    const schema = z.object({ colour: z.enum(['red', 'blue']) });
    const { output } = await generateText({
      model: workersAi(chat),
      prompt: 'What colour is the sky?',
      output: Output.object({ schema }),
    });
    expect(schema.parse(output).colour).toMatch(/red|blue/);
  });

  test('calls a tool that it is told to call, streamed and not', async () => {
    const weather = tool({
      description: 'The weather',
      inputSchema: z.object({ city: z.enum(['Oslo', 'Rome']) }),
      execute: ({ city }) => `Sunny in ${city}`,
    });
    const question = { model: workersAi(chat), prompt: 'How is the weather in Oslo?', maxOutputTokens: 64 };
    const tools = { weather };
    const toolChoice = { type: 'tool', toolName: 'weather' } as const;
    const generated = await generateText({ ...question, tools, toolChoice });
    const streamed = streamText({ ...question, tools, toolChoice });
    for (const calls of [generated.toolCalls, await streamed.toolCalls]) {
      expect(calls).toMatchObject([
        { toolName: 'weather', input: { city: expect.stringMatching(/Oslo|Rome/) } },
      ]);
    }
  });

  test('embeds and reranks', async () => {
    const values = ['one', 'two', 'three'];
    const { embeddings } = await embedMany({ model: workersAi.textEmbedding(embedding), values });
    expect(embeddings.map((vector) => vector.length)).toEqual([384, 384, 384]);
    const { ranking } = await rerank({
      model: workersAi.reranking(reranker),
      query: 'How long is the warranty?',
      documents: ['Bread needs yeast.', 'The warranty lasts five years.'],
    });
    expect(ranking[0]?.originalIndex).toBe(1);
  });

  test('an abort stops a running generation', async () => {
    const controller = new AbortController();
    const { textStream } = streamText({
      model: workersAi(chat),
      prompt: 'Tell a very long story.',
      maxOutputTokens: 2000,
      abortSignal: controller.signal,
    });
    let pieces = 0;
    for await (const _ of textStream) {
      pieces += 1;
      controller.abort();
    }
    expect(pieces).toBeGreaterThan(0);
    expect(pieces).toBeLessThan(200);
  });
});

const vectors = (output: Ai_Cf_Baai_Bge_Small_En_V1_5_Output): number[][] =>
  'data' in output ? (output.data ?? []) : [];
