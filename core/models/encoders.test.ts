import type { EmbeddingModelV4, RerankingModelV4 } from '@ai-sdk/provider';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemRandom } from '../identifier.ts';
import { Trace } from '../telemetry/trace.ts';
import type { EmbeddingEntry, RerankEntry } from './catalogue.ts';
import { embedder, reranker } from './encoders.ts';
import type { ModelProvider } from './provider.ts';

const price = { kind: 'own', inputPerMillion: 1, outputPerMillion: 1 } as const;
const target = { kind: 'openai', model: 'reader' } as const;

const embedding: EmbeddingEntry = {
  name: 'reader',
  task: 'embedding',
  target,
  price,
  dimensions: 1,
  maxTokens: 512,
  queryPrefix: 'query: ',
};
const rerank: RerankEntry = { name: 'judge', task: 'rerank', target, price, maxTokens: 512 };

/** A provider that counts as it likes. */
const claiming = (tokens: number | undefined) =>
  ({
    embedding: () =>
      ({
        doEmbed: async ({ values }: { values: readonly string[] }) => ({
          embeddings: values.map(() => [1]),
          ...(tokens === undefined ? {} : { usage: { tokens } }),
        }),
      }) as unknown as EmbeddingModelV4,
    reranking: () =>
      ({
        doRerank: async () => ({ ranking: [{ index: 0, relevanceScore: 1 }] }),
      }) as unknown as RerankingModelV4,
  }) as unknown as ModelProvider;

const trace = () => new Trace('test', { clock: () => 0, random: systemRandom });

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 220 });
const claims = fc.oneof(
  fc.constantFrom(undefined, 0, -5, 1e12, Number.NaN, Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 10_000 }),
);

test('MOD-10: embedding never costs more than its worst case, whatever the upstream claims', async () => {
  await fc.assert(
    fc.asyncProperty(texts, claims, fc.constantFrom('query', 'passage'), async (some, claimed, as) => {
      const model = embedder({ provider: claiming(claimed) }, embedding);
      const { root, ...made } = ((one) => ({ root: one.root, totals: () => one.totals }))(trace());
      expect(await model.embed(some, as, root)).toHaveLength(some.length);
      const { cost, inputTokens } = made.totals();
      expect(Number.isSafeInteger(inputTokens) && inputTokens >= 0).toBe(true);
      expect(cost).toBeLessThanOrEqual(model.worstCase(some, as));
    }),
    { numRuns: 100 },
  );
});

test('MOD-10: what an upstream counts within reason is what is charged', async () => {
  const made = trace();
  await embedder({ provider: claiming(7) }, embedding).embed(['How long is it?'], 'query', made.root);
  expect(made.totals).toMatchObject({ inputTokens: 7 });
});

test('MOD-10: reading costs no more than its worst case, however long the texts are', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.string({ maxLength: 4_000 }), async (some, question) => {
      const model = reranker({ provider: claiming(undefined) }, rerank);
      const made = trace();
      await model.rerank(question, some, made.root);
      expect(made.totals.cost).toBeLessThanOrEqual(model.worstCase(some.length));
    }),
    { numRuns: 50 },
  );
});
