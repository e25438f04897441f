import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Encoders } from './encoders.ts';

export const rerankBody = z.strictObject({
  model: z.string(),
  query: z.string().min(1, 'expected at least one character'),
  documents: z.array(z.string()).min(1).max(1000),
  top_n: z.int().min(1).optional(),
});

/**
 * `POST /v1/rerank` in Cohere's v2 shape, best first. `relevance_score` is the sigmoid of the cross-encoder's
 * logit; `logit` is there beside it because the sigmoid loses the order far from zero.
 */
export async function rerank(
  body: z.infer<typeof rerankBody>,
  encoders: Encoders,
  signal: AbortSignal,
): Promise<unknown> {
  const { logits, tokens } = await encoders.score(body.query, body.documents, signal);
  const results = logits
    .map((logit, index) => ({ index, relevance_score: 1 / (1 + Math.exp(-logit)), logit }))
    .sort((a, b) => b.logit - a.logit || a.index - b.index)
    .slice(0, body.top_n ?? logits.length);
  return {
    id: randomUUID(),
    results,
    meta: { api_version: { version: '2' }, tokens: { input_tokens: tokens } },
  };
}
