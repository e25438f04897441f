import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Trace } from '../telemetry/trace.ts';
import type { ChatEntry } from './catalogue.ts';
import { type ChatCall, type ChatEvent, chat } from './chat.ts';
import { namesInText, systemFirst, withName } from './conversation.ts';
import type { ModelProvider } from './provider.ts';

const entry: ChatEntry = {
  name: 'm',
  task: 'chat',
  target: { kind: 'openai', model: 'm' },
  price: { kind: 'own', inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 },
  capabilities: {
    answers: 'generate',
    tools: true,
    jsonSchema: true,
    contextTokens: 1_000,
    maxOutputTokens: 500,
  },
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

const four = { role: 'user' as const, content: [{ type: 'text' as const, text: 'four' }] };

async function all(events: AsyncIterable<ChatEvent>): Promise<readonly ChatEvent[]> {
  const seen: ChatEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

/** A word a minute, for ever. */
function* ticking(): Generator<Promise<LanguageModelV4StreamPart>> {
  for (;;) yield new Promise((said) => setTimeout(() => said(word('tick ')), 60_000));
}

/** Streams these parts, and then fails if it is told to. */
function begin(
  parts: Iterable<LanguageModelV4StreamPart | Promise<LanguageModelV4StreamPart>>,
  failure?: Error | 'silence',
  more: Partial<ChatCall> = {},
  of: ChatEntry = entry,
) {
  let cancelled = false;
  const left = parts[Symbol.iterator]();
  const stream = new ReadableStream<LanguageModelV4StreamPart>({
    async pull(controller) {
      const part = await left.next().value;
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
    messages: [four],
    maxOutputTokens: 10,
    ...more,
  };
  return { events: chat({ provider }, of, call, trace.root), trace, isCancelled: () => cancelled };
}

afterEach(() => {
  vi.useRealTimers();
});

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

  test('MOD-11: a setting that only tunes is named before the answer, one that decides is refused', async () => {
    const warned = (...features: string[]): LanguageModelV4StreamPart => ({
      type: 'stream-start',
      warnings: features.map((feature) => ({ type: 'unsupported' as const, feature })),
    });
    const { events } = begin([warned('temperature', 'seed', 'frequencyPenalty'), word('a'), finish(1, 1)]);
    expect((await all(events)).map(({ type }) => type)).toEqual(['ignored', 'text', 'finish']);
    const again = begin([warned('temperature', 'seed'), word('a'), finish(1, 1)]);
    expect((await all(again.events))[0]).toEqual({ type: 'ignored', fields: ['temperature', 'seed'] });
    const decisive = begin([warned('temperature', 'toolChoice'), word('a'), finish(1, 1)]);
    await expect(all(decisive.events)).rejects.toMatchObject({ details: { param: 'toolChoice' } });
  });

  test('MOD-11: what an adapter leaves out in silence is named too', async () => {
    const hosted: ChatEntry = { ...entry, target: { kind: 'workers-ai', model: '@cf/m' } };
    const silent = () =>
      begin(
        [{ type: 'stream-start', warnings: [] }, word('a'), finish(1, 1)],
        undefined,
        { seed: 7, stop: ['x'] },
        hosted,
      );
    expect((await all(silent().events))[0]).toEqual({ type: 'ignored', fields: ['seed', 'stop'] });
  });

  test('counts what was thought, and never more of it than was written', async () => {
    const thinking = (reasoning: number): LanguageModelV4StreamPart => ({
      type: 'finish',
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 5, text: undefined, reasoning },
      },
    });
    for (const [claimed, counted] of [
      [3, 3],
      [9_999, 5],
    ] as const) {
      const { events, trace } = begin([word('a'), thinking(claimed)]);
      await all(events);
      expect(trace.totals).toMatchObject({ outputTokens: 5, reasoningTokens: counted });
    }
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
    expect(trace.totals.cost).toBeGreaterThan(0);
    expect(isCancelled()).toBe(true);
  });

  test('a stream that falls silent is a timeout, and never hangs', async () => {
    vi.useFakeTimers();
    const { events, isCancelled } = begin([word('a')], 'silence');
    const reading = expect(all(events)).rejects.toMatchObject({ name: 'Failure', code: 'upstream_timeout' });
    await vi.advanceTimersByTimeAsync(120_000);
    await reading;
    expect(isCancelled()).toBe(true);
  });

  test('MOD-7: a stream that never ends is cut off after ten minutes, though it never falls silent', async () => {
    vi.useFakeTimers();
    const { events, isCancelled } = begin(ticking(), undefined, { maxOutputTokens: 100_000 });
    const reading = expect(all(events)).rejects.toMatchObject({ name: 'Failure', code: 'upstream_timeout' });
    await vi.advanceTimersByTimeAsync(601_000);
    await reading;
    expect(isCancelled()).toBe(true);
  });

  test('MOD-6: an upstream that ignores its limit is cut, and costs no more than the limit', async () => {
    const flood = Array.from({ length: 1_000 }, () => word('x'.repeat(1_000)));
    const { events, trace, isCancelled } = begin([...flood, finish(3, 2)]);
    const seen = await all(events);
    const written = seen.reduce((sum, event) => sum + (event.type === 'text' ? event.delta.length : 0), 0);
    expect(written).toBeLessThan(10_000);
    expect(seen.at(-1)).toMatchObject({ type: 'finish', reason: 'length' });
    expect(trace.usages[0]?.outputTokens).toBeLessThanOrEqual(10);
    expect(isCancelled()).toBe(true);
  });

  test.each([
    [1e12, 1e12],
    [Number.POSITIVE_INFINITY, 1],
    [-5, -7],
    [Number.NaN, 2],
  ])('MOD-5: a claim of %s tokens in and %s out is bounded by what is possible', async (input, output) => {
    const { events, trace } = begin([word('ok'), finish(input, output)]);
    await all(events);
    const [usage] = trace.usages;
    expect(usage?.inputTokens).toBeGreaterThan(0);
    expect(usage?.inputTokens).toBeLessThan(2_000);
    expect(usage?.outputTokens).toBeGreaterThanOrEqual(0);
    expect(usage?.outputTokens).toBeLessThanOrEqual(10);
  });

  test('what a model thinks is handed up apart from its text, and so is a refusal', async () => {
    const raw = { choices: [{ delta: { refusal: 'I cannot.' } }] };
    const { events } = begin([
      { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
      word('a'),
      { type: 'raw', rawValue: raw },
      word('I cannot.'),
      finish(3, 2),
    ]);
    expect((await all(events)).slice(0, -1)).toEqual([
      { type: 'reasoning', delta: 'Hm.' },
      { type: 'text', delta: 'a' },
      { type: 'refusal', delta: 'I cannot.' },
    ]);
  });

  test('MOD-8: a call of a tool ends with tool-calls and has arguments, whatever the upstream says', async () => {
    const stopped: LanguageModelV4StreamPart = {
      ...(finish(3, 2) as Extract<LanguageModelV4StreamPart, { type: 'finish' }>),
      finishReason: { unified: 'stop', raw: 'stop' },
    };
    const { events } = begin([
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'now', input: '' },
      stopped,
    ]);
    expect(await all(events)).toMatchObject([
      { type: 'tool-call', arguments: '{}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  test("names of participants reach a provider of OpenAI's dialect as names, and others in the text", () => {
    const [said] = namesInText([withName(four, 'ada')]);
    expect(withName(four, 'ada')).toMatchObject({
      providerOptions: { openai: { name: 'ada' } },
      content: [{ text: 'four', providerOptions: { openaiCompatible: { name: 'ada' } } }],
    });
    expect(said).toMatchObject({ content: [{ text: 'ada: four' }] });
    expect(namesInText([four])).toEqual([four]);
  });

  test('a stream that breaks off is an upstream failure, and what it wrote is paid for', async () => {
    const { events, trace } = begin([word('12345678')], new Error('Network connection lost.'));
    const reading = (async () => {
      for await (const _ of events);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'Failure', code: 'upstream_failed' });
    expect(trace.usages[0]).toMatchObject({ outputTokens: 2 });
    expect(trace.spans[0]?.error).toContain('broke off');
  });
});

test('CON-14: where instructions stand only at the beginning, later ones move there in their order', () => {
  const system = (content: string) => ({ role: 'system' as const, content });
  expect(systemFirst([system('a'), four, system('b'), four])).toEqual([system('a\n\nb'), four, four]);
  expect(systemFirst([four])).toEqual([four]);
});
