import type { Money } from '../telemetry/money.ts';
import type { EmbeddingEntry, RerankEntry } from './catalogue.ts';
import type { Embedder, Reranker } from './ports.ts';
import { priceOf } from './prices.ts';
import { type ModelProvider, providerName } from './provider.ts';
import { estimateTokens, mostTokens } from './tokens.ts';
import { callUpstream } from './upstream.ts';

/**
 * The two models that read and write nothing: one turns a text into a vector, the other scores a text against a
 * question (bi-encoder and cross-encoder).
 *
 *  MOD-10 What an embedding or reranking call costs is never more than its worst case, which is reserved before it,
 *     whatever the upstream says that it counted.
 */

/** Workers AI takes at most 100 texts a call for its bge models; other providers take more. */
const TEXTS_A_CALL = 100;
/** Milliseconds for a call: a full batch of long passages takes some 15 s on one busy laptop core. */
const EMBEDDING_LIMIT = 60_000;
/** Milliseconds for a call: some 70 ms a pair of 256 tokens on one busy laptop core, and 50 pairs at most. */
const RERANKING_LIMIT = 30_000;

/** Tokens that a model puts around a text, such as [CLS] and [SEP], generously. */
const FRAME_TOKENS = 16;

export function embedder(deps: { readonly provider: ModelProvider }, entry: EmbeddingEntry): Embedder {
  const model = deps.provider.embedding(entry.target);
  const inputsOf = (texts: readonly string[], as: 'query' | 'passage') =>
    as === 'query' ? texts.map((text) => entry.queryPrefix + text) : texts;
  const costOf = (input: number): Money => priceOf(entry.price, { input, output: 0 });
  return {
    model: entry.name,
    dimensions: entry.dimensions,
    worstCase: (texts, as) => costOf(mostOf(inputsOf(texts, as))),
    async embed(texts, as, span) {
      return span.within(`embeddings ${entry.name}`, { texts: texts.length, as }, async (call) => {
        const inputs = inputsOf(texts, as);
        const vectors: number[][] = [];
        let tokens = 0;
        for (let at = 0; at < inputs.length; at += TEXTS_A_CALL) {
          const values = inputs.slice(at, at + TEXTS_A_CALL);
          const result = await callUpstream(entry.name, EMBEDDING_LIMIT, async () =>
            model.doEmbed({ values }),
          );
          vectors.push(...result.embeddings);
          const claimed = result.usage?.tokens;
          const counted = claimed !== undefined && Number.isFinite(claimed) && claimed >= 0;
          tokens += counted ? Math.min(claimed, mostOf(values)) : estimated(values, entry.maxTokens);
          call.set({ 'selvedge.usage.estimated': !counted });
        }
        call.use({
          model: entry.name,
          operation: 'embeddings',
          provider: providerName(entry.target.kind),
          inputTokens: tokens,
          outputTokens: 0,
          cost: costOf(tokens),
        });
        return vectors;
      });
    },
  };
}

const mostOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + mostTokens(text) + FRAME_TOKENS, 0);

const estimated = (texts: readonly string[], most: number): number =>
  texts.reduce((sum, text) => sum + Math.min(most, estimateTokens(text)), 0);

export function reranker(deps: { readonly provider: ModelProvider }, entry: RerankEntry): Reranker {
  const model = deps.provider.reranking(entry.target);
  const costOf = (input: number): Money => priceOf(entry.price, { input, output: 0 });
  return {
    model: entry.name,
    worstCase: (texts) => costOf(texts * entry.maxTokens),
    async rerank(question, texts, span) {
      if (texts.length === 0) return [];
      return span.within(`rerank ${entry.name}`, { texts: texts.length }, async (call) => {
        const documents = { type: 'text' as const, values: [...texts] };
        const { ranking } = await callUpstream(entry.name, RERANKING_LIMIT, async () =>
          model.doRerank({ query: question, documents }),
        );
        const asked = estimateTokens(question);
        const tokens = texts.reduce(
          (sum, text) => sum + Math.min(entry.maxTokens, asked + estimateTokens(text)),
          0,
        );
        call.set({ 'selvedge.usage.estimated': true });
        call.use({
          model: entry.name,
          operation: 'rerank',
          provider: providerName(entry.target.kind),
          inputTokens: tokens,
          outputTokens: 0,
          cost: costOf(tokens),
        });
        const scores = new Map(ranking.map(({ index, relevanceScore }) => [index, relevanceScore]));
        return texts.map((_, index) => scores.get(index) ?? 0);
      });
    },
  };
}
