import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { asId, type FileId, type VectorStoreId } from '../identifier.ts';
import type { ChatEntry } from '../models/catalogue.ts';
import type { ModelProvider } from '../models/provider.ts';
import { DEFAULT_PROMPT, defaultPrompt } from '../prompts/default.ts';
import type { Hit } from '../retrieve/query.ts';
import { Trace } from '../telemetry/trace.ts';
import { phrasesFor } from './phrases.ts';
import type { AnswerEvent, Citation, GroundedRequest } from './request.ts';
import { writeAnswer } from './write-answer.ts';

const passages = [
  'Frames are guaranteed for ten years. Forks and wheels are guaranteed for two years.',
  'The workshop in Lisbon is open from nine to six. It is closed on Sundays.',
];

const hits: readonly Hit[] = passages.map((text, ordinal) => ({
  passage: {
    id: `p${ordinal}`,
    vectorStoreId: asId<VectorStoreId>('vs_1'),
    fileId: asId<FileId>(`file_${ordinal}`),
    filename: `${ordinal}.md`,
    ordinal,
    title: 'Handbook',
    text,
    start: 100,
    end: 100 + text.length,
    page: null,
    pageEnd: null,
    pageBreaks: [],
    attributes: {},
  },
  score: 1,
  signals: { dense: 1, sparse: 1, fused: 1, reranked: 1 },
}));

const entry: ChatEntry = {
  name: 'writer',
  task: 'chat',
  target: { kind: 'openai', model: 'writer' },
  price: { kind: 'none' },
  capabilities: {
    answers: 'generate',
    tools: false,
    jsonSchema: false,
    contextTokens: 8_192,
    maxOutputTokens: 1_024,
  },
};

const request: GroundedRequest = {
  model: entry,
  prompt: { ...defaultPrompt, promptId: DEFAULT_PROMPT, version: 1, hash: '', labels: [], createdAt: 0 },
  instructions: null,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'How long is the guarantee?' }] }],
  documents: {
    vectorStoreIds: [asId<VectorStoreId>('vs_1')],
    filter: null,
    limit: null,
    weights: null,
    ranker: 'auto',
    scoreThreshold: 0,
  },
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  stop: [],
  seed: null,
  tools: [],
  toolChoice: null,
  json: null,
  passedOn: {},
};

/** A model that writes what the test says, word by word, and keeps what it was asked. */
function writer(text: string): { readonly provider: ModelProvider; readonly prompts: string[] } {
  const prompts: string[] = [];
  const usage = {
    inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: 5, text: 5, reasoning: undefined },
  };
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'text-start', id: '0' },
    ...(text.match(/\S+\s*/g) ?? []).map((delta) => ({ type: 'text-delta', id: '0', delta }) as const),
    { type: 'text-end', id: '0' },
    { type: 'finish', usage, finishReason: { unified: 'stop', raw: 'stop' } },
  ];
  const model: Pick<LanguageModelV4, 'doStream'> = {
    doStream: async ({ prompt }) => {
      prompts.push(JSON.stringify(prompt));
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      });
      return { stream };
    },
  };
  const none = () => {
    throw new Error('not asked for here');
  };
  return { provider: { chat: () => model as LanguageModelV4, embedding: none, reranking: none }, prompts };
}

async function write(text: string, passage?: string) {
  const shownHits = hits.map((hit) =>
    passage === undefined ? hit : { ...hit, passage: { ...hit.passage, text: passage } },
  );
  const { provider, prompts } = writer(text);
  const trace = new Trace('test', { clock: () => 0, random: (bytes) => bytes.fill(7) });
  const deps = {
    provider,
    random: (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(9),
    afford: async () => undefined,
  };
  const question = 'How long is the guarantee?';
  const events = writeAnswer(
    deps,
    request,
    { text: question, phrases: phrasesFor(question) },
    shownHits,
    trace.root,
  );
  let shown = '';
  const citations: Citation[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return { shown, citations, result: value, prompts, trace };
    const event: AnswerEvent = value;
    if (event.type === 'text') shown += event.delta;
    if (event.type === 'citation') citations.push(event.citation);
  }
}

describe('generated', () => {
  test.each(['K-17', 'Rolls-Royce', 'ISO-4210'])(
    'a name of several words, %s, is found in its passage',
    async (name) => {
      const passage = `Spare parts of the model ${name} are kept for twelve years.`;
      const { shown } = await write(`Parts of the model ${name} are kept for twelve years. [1]`, passage);
      expect(shown).toContain(name);
      const { shown: other } = await write(
        `Parts of the model ${name} are kept for twelve years. [1]`,
        passage.replace(name, 'Vela'),
      );
      expect(other).not.toContain(name);
    },
  );

  test('keeps what its passage holds, with the sentence that holds it as the citation', async () => {
    const { shown, citations } = await write('The frames are guaranteed for ten years. [1]');
    expect(shown).toBe('The frames are guaranteed for ten years. [1]');
    expect(citations).toEqual([
      {
        fileId: 'file_0',
        filename: '0.md',
        index: shown.indexOf('[1]'),
        quote: 'Frames are guaranteed for ten years.',
        page: null,
        pageEnd: null,
        start: 100,
        end: 136,
      },
    ]);
  });

  test.each([
    ['a number that the passage does not have', 'Wheels are guaranteed for 3 years.'],
    ['a name that the passage does not have', 'Forks are guaranteed by Shimano for two years.'],
    ['words that the passage does not have', 'Brakes squeal because dirty pads vibrate loudly.'],
  ])('drops %s', async (_, sentence) => {
    const { shown } = await write(`Frames are guaranteed for ten years. [1] ${sentence}`);
    expect(shown).toBe('Frames are guaranteed for ten years. [1]');
  });

  test('puts the passage’s own sentence in the place of a wrong one that names its passage', async () => {
    const { shown, citations } = await write('Forks and wheels are guaranteed for 12 years. [1]');
    expect(shown).toBe('“Forks and wheels are guaranteed for two years.” [1]');
    expect(citations).toHaveLength(1);
  });

  test('finds the passage of a sentence that names none, or the wrong one', async () => {
    const { citations } = await write(
      'Frames are guaranteed for ten years. The workshop is open from nine to six. [1]',
    );
    expect(citations.map(({ fileId }) => fileId)).toEqual(['file_0', 'file_1']);
  });

  test('shows nothing when nothing holds, or the model declines', async () => {
    expect(await write('It rained in 1066.')).toMatchObject({ shown: '', result: 'nothing' });
    expect(await write('NOT_FOUND')).toMatchObject({ shown: '', result: 'not-found' });
  });

  test.each([
    'NOT_FOUND.',
    '**NOT_FOUND** [1]',
    'NOT_FOUND. The passages speak of something else entirely, alas.',
  ])('ANS-2: %s is the model declining', async (text) => {
    expect(await write(text)).toMatchObject({ shown: '', result: 'not-found' });
  });

  test('ANS-2: NOT_FOUND in an answer that holds declines nothing', async () => {
    const held = 'Frames are guaranteed for ten years. [1]';
    expect((await write(`${held} NOT_FOUND`)).shown).toBe(held);
    expect((await write(`NOT_FOUND. ${held}`)).shown).toBe(held);
  });

  test.each(['【1】', '［１］', '[1, 2]', '【1†source】', '【1:0†0.md】', ' [ 1 ]'])(
    'ANS-3: the mark %s names its passage',
    async (mark) => {
      const { shown, citations } = await write(`Forks and wheels are guaranteed for 12 years${mark}.`);
      expect(shown).toBe('“Forks and wheels are guaranteed for two years.” [1]');
      expect(citations).toMatchObject([{ fileId: 'file_0' }]);
    },
  );

  test('PRM-1: a model is told once what to write where the passages hold nothing, and how to cite', async () => {
    const { prompts } = await write('NOT_FOUND');
    expect(prompts[0]?.match(/do not hold|do not say|NOT_FOUND/g)).toEqual(['do not hold', 'NOT_FOUND']);
    expect(prompts[0]?.match(/in brackets/g)).toHaveLength(1);
  });

  test('SEC-2: what cannot be seen in a document does not reach the model', async () => {
    const { prompts } = await write('NOT_FOUND', 'Frames\u{e0041}\u{e0042} last.');
    expect(prompts[0]).toContain('Frames last.');
  });

  test('keeps paragraphs and lists as the model set them', async () => {
    const { shown } = await write(
      '1. Frames are guaranteed for ten years. [1]\n2. Forks are guaranteed for two years. [1]',
    );
    expect(shown).toBe(
      '1. Frames are guaranteed for ten years. [1]\n2. Forks are guaranteed for two years. [2]',
    );
  });

  test('what a document says stands between lines that the document cannot know', async () => {
    const { prompts } = await write('NOT_FOUND');
    expect(prompts[0]).toContain('--- 0909090909090909 passage [1] 0.md › Handbook');
    expect(prompts[0]).toContain('--- 0909090909090909 end of passages');
  });

  test('tokens are on the span, also when the answer is given up', async () => {
    const { trace } = await write('NOT_FOUND, and so on. And on.');
    expect(trace.usages).toHaveLength(1);
    expect(trace.usages[0]?.inputTokens).toBeGreaterThan(0);
  });
});
