import type { EmbeddingEntry } from './catalogue.ts';
import type { Embedder } from './ports.ts';
import { priceOf } from './prices.ts';
import { type ModelProvider, providerName } from './provider.ts';
import { estimateTokens } from './tokens.ts';
import { callUpstream } from './upstream.ts';

/** Workers AI takes at most 100 texts a call for its bge models; other providers take more. */
const TEXTS_A_CALL = 100;
/** Milliseconds for a call: a full batch of long passages takes some 15 s on one busy laptop core. */
const LIMIT = 60_000;

export function embedder(deps: { readonly provider: ModelProvider }, entry: EmbeddingEntry): Embedder {
  const model = deps.provider.embedding(entry.target);
  return {
    model: entry.name,
    dimensions: entry.dimensions,
    async embed(texts, as, span) {
      return span.within(`embeddings ${entry.name}`, { texts: texts.length, as }, async (call) => {
        const inputs = as === 'query' ? texts.map((text) => entry.queryPrefix + text) : texts;
        const vectors: number[][] = [];
        let tokens = 0;
        for (let at = 0; at < inputs.length; at += TEXTS_A_CALL) {
          const values = inputs.slice(at, at + TEXTS_A_CALL);
          const result = await callUpstream(entry.name, LIMIT, async () => model.doEmbed({ values }));
          vectors.push(...result.embeddings);
          tokens += result.usage?.tokens ?? estimated(values, entry.maxTokens);
          call.set({ 'selvedge.usage.estimated': result.usage === undefined });
        }
        call.use({
          model: entry.name,
          operation: 'embeddings',
          provider: providerName(entry.target.kind),
          inputTokens: tokens,
          outputTokens: 0,
          cost: priceOf(entry.price, { input: tokens, output: 0 }),
        });
        return vectors;
      });
    },
  };
}

const estimated = (texts: readonly string[], most: number): number =>
  texts.reduce((sum, text) => sum + Math.min(most, estimateTokens(text)), 0);
