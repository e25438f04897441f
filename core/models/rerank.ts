import type { RerankEntry } from './catalogue.ts';
import type { Reranker } from './ports.ts';
import { priceOf } from './prices.ts';
import { type ModelProvider, providerName } from './provider.ts';
import { estimateTokens } from './tokens.ts';
import { callUpstream } from './upstream.ts';

/** Milliseconds for a call: some 70 ms a pair of 256 tokens on one busy laptop core, and 50 pairs at most. */
const LIMIT = 30_000;

export function reranker(deps: { readonly provider: ModelProvider }, entry: RerankEntry): Reranker {
  const model = deps.provider.reranking(entry.target);
  return {
    model: entry.name,
    async rerank(question, texts, span) {
      if (texts.length === 0) return [];
      return span.within(`rerank ${entry.name}`, { texts: texts.length }, async (call) => {
        const documents = { type: 'text' as const, values: [...texts] };
        const { ranking } = await callUpstream(entry.name, LIMIT, async () =>
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
          cost: priceOf(entry.price, { input: tokens, output: 0 }),
        });
        const scores = new Map(ranking.map(({ index, relevanceScore }) => [index, relevanceScore]));
        return texts.map((_, index) => scores.get(index) ?? 0);
      });
    },
  };
}
