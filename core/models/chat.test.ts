import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { Trace } from '../telemetry/trace.ts';
import type { ChatEntry } from './catalogue.ts';
import { type ChatEvent, chat } from './chat.ts';
import type { ModelProvider } from './provider.ts';

const entry: ChatEntry = {
  name: 'm',
  task: 'chat',
  target: { kind: 'openai', model: 'm' },
  price: { kind: 'own', inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 },
  capabilities: { answers: 'generate', tools: true, jsonSchema: true, contextTokens: 1_000 },
};

const word = (delta: string): LanguageModelV4StreamPart => ({ type: 'text-delta', id: '0', delta });
const finish = (input: number | undefined, output: number | undefined): LanguageModelV4StreamPart => ({
  type: 'finish',
  finishReason: { unified: 'length', raw: 'length' },
  usage: {
    inputTokens: { total: input, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: undefined },
  },
});

/** Streams these parts, and then fails if it is told to. */
function begin(parts: readonly LanguageModelV4StreamPart[], failure?: Error | 'silence') {
  let cancelled = false;
  let at = 0;
  const stream = new ReadableStream<LanguageModelV4StreamPart>({
    pull(controller) {
      const part = parts[at];
      at += 1;
      if (part !== undefined) controller.enqueue(part);
      else if (failure === undefined) controller.close();
      else if (failure === 'silence') return new Promise<void>(() => undefined);
      else controller.error(failure);
      return undefined;
    },
    cancel() {
      cancelled = true;
    },
  });
  const model: Pick<LanguageModelV4, 'doStream'> = { doStream: async () => ({ stream }) };
  const none = () => {
    throw new Error('not asked for here');
  };
  const provider: ModelProvider = { chat: () => model as LanguageModelV4, embedding: none, reranking: none };
  const trace = new Trace('test', { clock: () => 0, random: (bytes) => bytes });
  const call = {
    messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'four' }] }],
    maxOutputTokens: 10,
    partLimit: 200,
  };
  return { events: chat({ provider }, entry, call, trace.root), trace, isCancelled: () => cancelled };
}

describe('chat', () => {
  test('ends with the reason and the tokens, which are on the trace by then', async () => {
    const { events, trace } = begin([word('a'), word('b'), finish(3, 2)]);
    const seen: ChatEvent[] = [];
    for await (const event of events) {
      seen.push(event);
      if (event.type === 'finish') expect(trace.usages[0]).toMatchObject({ inputTokens: 3, outputTokens: 2 });
    }
    expect(seen.at(-1)).toEqual({ type: 'finish', reason: 'length', tokens: { input: 3, output: 2 } });
  });

  test('estimates the tokens of a model that does not count them', async () => {
    const { events, trace } = begin([word('12345678'), finish(undefined, undefined)]);
    for await (const _ of events);
    expect(trace.usages[0]).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });

  test('a reader that stops is paid for, and the model is told', async () => {
    const { events, trace, isCancelled } = begin([word('12345678'), word('never read'), finish(9, 9)]);
    for await (const _ of events) break;
    expect(trace.usages[0]).toMatchObject({ inputTokens: 1, outputTokens: 2 });
    expect(trace.cost).toBeGreaterThan(0);
    expect(isCancelled()).toBe(true);
  });

  test('a stream that falls silent is a timeout, and never hangs', async () => {
    const { events, isCancelled } = begin([word('a')], 'silence');
    const reading = (async () => {
      for await (const _ of events);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'Failure', code: 'upstream_timeout' });
    expect(isCancelled()).toBe(true);
  });

  test('a stream that breaks off is trouble upstream, and what it wrote is paid for', async () => {
    const { events, trace } = begin([word('12345678')], new Error('Network connection lost.'));
    const reading = (async () => {
      for await (const _ of events);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'Failure', code: 'upstream_failed' });
    expect(trace.usages[0]).toMatchObject({ outputTokens: 2 });
    expect(trace.spans[0]?.error).toContain('broke off');
  });
});
