import { describe, expect, test } from 'vitest';
import { Failure, notFound } from '../failure.ts';
import { asId, type PromptId, systemRandom, type TenantId, type VectorStoreId } from '../identifier.ts';
import type { Catalogue, ChatEntry } from '../models/catalogue.ts';
import { textMessage } from '../models/conversation.ts';
import { DEFAULT_PROMPT, defaultPrompt } from '../prompts/default.ts';
import type { PromptVersion } from '../prompts/prompt.ts';
import { type Money, noMoney, picodollars } from '../telemetry/money.ts';
import { Trace } from '../telemetry/trace.ts';
import { type NamedRequest, type PrepareDependencies, prepareAnswer } from './prepare.ts';

const tenantId = asId<TenantId>('tenant_a');

const entry = (name: string, kind: 'openai' | 'anthropic'): ChatEntry => ({
  name,
  task: 'chat',
  target: { kind, model: name },
  price: { kind: 'own', inputPerMillion: 1, outputPerMillion: 1 },
  capabilities: {
    answers: 'generate',
    tools: true,
    jsonSchema: true,
    contextTokens: 8_192,
    maxOutputTokens: 1_024,
  },
});

const catalogue: Catalogue = {
  entries: [entry('writer', 'openai'), entry('thinker', 'anthropic')],
  aliases: { default: 'writer' },
};

const _store = asId<VectorStoreId>('vs_1');

const version = (promptId: PromptId, more: Partial<PromptVersion> = {}): PromptVersion => ({
  ...defaultPrompt,
  promptId,
  version: 3,
  hash: '',
  labels: [],
  createdAt: 0,
  ...more,
});

const [TERSE, FIELDS] = [asId<PromptId>('terse'), asId<PromptId>('fields')];

const prompts = new Map([
  ['default', version(DEFAULT_PROMPT)],
  ['terse', version(TERSE, { model: 'thinker', instructions: 'Be {{tone}}.' })],
  ['fields', version(FIELDS, { outputSchema: { type: 'object' } })],
]);

const store = { id: asId<VectorStoreId>('vs_1'), expiresAfterDays: null, expiredAt: null, lastActiveAt: 0 };

const deps = {
  catalogue,
  clock: () => 0,
  embedder: { worstCase: (texts: readonly string[]) => picodollars(texts.length) },
  reranker: { worstCase: (texts: number) => picodollars(1_000 * texts) },
  vectorStores: { find: async (_: unknown, id: string) => (id === store.id ? store : null) },
  prompts: {
    resolve: async (_: unknown, reference: { readonly id: string } | null) => {
      const found = prompts.get(reference?.id ?? 'default');
      if (found === undefined) throw notFound('prompt', reference?.id ?? '', 'prompt');
      return found;
    },
  },
} as unknown as PrepareDependencies;

async function prepare(named: NamedRequest) {
  const trace = new Trace('test', { clock: () => 0, random: systemRandom });
  const reserved: Money[] = [];
  const afford = async (amount: Money) => void reserved.push(amount);
  const prepared = await prepareAnswer(deps, { tenantId, span: trace.root, afford }, named);
  return { ...prepared, reserved, answeredBy: trace.promptVersion };
}

const messages = [textMessage('user', 'How long is the guarantee?')];

describe('an answer from names', () => {
  test('ANS-4: what is not said has its default, and the default prompt answers from documents', async () => {
    const { request, ignored, reserved, answeredBy } = await prepare({
      messages,
      documents: { vectorStoreIds: [store.id] },
    });
    expect(request).toEqual({
      model: catalogue.entries[0],
      prompt: prompts.get('default'),
      messages,
      documents: {
        vectorStoreIds: ['vs_1'],
        filter: null,
        limit: null,
        weights: null,
        ranker: 'auto',
        scoreThreshold: 0,
      },
      instructions: null,
      maxOutputTokens: null,
      temperature: null,
      topP: null,
      stop: [],
      seed: null,
      tools: [],
      toolChoice: null,
      json: null,
      passedOn: {},
    });
    expect([ignored, answeredBy]).toEqual([[], 'default@3']);
    // Two looks: each embeds the question and reads five passages and forty sentences.
    expect(reserved).toEqual([2 + 2 * 45 * 1_000]);
  });

  test('ANS-4: without documents a model answers alone, by no prompt, and its longest answer is reserved', async () => {
    const { request, reserved, answeredBy } = await prepare({ messages });
    expect(request).toMatchObject({ documents: null, prompt: null, model: { name: 'writer' } });
    expect(answeredBy).toBeNull();
    expect(reserved).toHaveLength(1);
    expect(reserved[0]).toBeGreaterThan(1_024 * 1e6);
  });

  test('a prompt brings its model, its variables and its schema, and a caller may name others', async () => {
    const terse = { id: TERSE, variables: { tone: 'kind' } };
    expect((await prepare({ messages, prompt: terse })).request).toMatchObject({
      model: { name: 'thinker' },
      prompt: { instructions: 'Be kind.' },
    });
    expect((await prepare({ messages, prompt: terse, model: 'writer' })).request.model.name).toBe('writer');
    const fields = await prepare({ messages, prompt: { id: FIELDS } });
    expect(fields.request.json).toMatchObject({ name: 'fields', schema: { type: 'object' } });
    // Each try is reserved when it is made.
    expect(fields.reserved).toEqual([noMoney]);
    const own = { name: 'own', schema: null, description: null, strict: false };
    expect((await prepare({ messages, prompt: { id: FIELDS }, json: own })).request.json).toEqual(own);
  });

  test('what a target does not take is named, and what it takes is passed on', async () => {
    const extras = {
      tuning: [{ field: 'top_k', as: 'top_k', value: 4 }],
      unknown: {},
      noted: ['user'],
    };
    const told = await prepare({ messages, extras });
    expect([told.request.passedOn, told.ignored]).toEqual([{ top_k: 4 }, ['user']]);
    const untold = await prepare({ messages, extras, model: 'thinker' });
    expect([untold.request.passedOn, untold.ignored]).toEqual([{}, ['top_k', 'user']]);
  });

  test.each<[string, Partial<NamedRequest>, string | undefined]>([
    ['a model', { model: 'nobody' }, 'model'],
    ['a prompt', { prompt: { id: asId<PromptId>('nobody') } }, 'prompt'],
    [
      'a store',
      { documents: { vectorStoreIds: [store.id, asId<VectorStoreId>('vs_9')] }, storesParam: 'stores' },
      'stores',
    ],
  ])('%s that is not there is refused by its name, and nothing is reserved', async (_, named, param) => {
    let reserved = false;
    const trace = new Trace('test', { clock: () => 0, random: systemRandom });
    const afford = async () => {
      reserved = true;
    };
    const preparing = prepareAnswer(deps, { tenantId, span: trace.root, afford }, { messages, ...named });
    const failure = await preparing.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'not_found', details: { param } });
    expect(reserved).toBe(false);
  });
});
