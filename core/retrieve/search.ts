import type { MeteredWork } from '../access/meter.ts';
import { addMoney, type Money } from '../telemetry/money.ts';
import { plan } from './plan.ts';
import type { Hit, RetrievalQuery } from './query.ts';
import { RERANKED, type Retrieval, retrieve } from './retrieve.ts';

/** What is left out has its default here: all documents, both sides, reranked, no threshold. */
export interface Search
  extends Pick<RetrievalQuery, 'vectorStoreIds' | 'limit'>,
    Partial<Omit<RetrievalQuery, 'text' | 'vectorStoreIds' | 'limit'>> {
  /** At least one. */
  readonly queries: readonly string[];
  /** Allows the queries to be taken apart. */
  readonly rewrite?: boolean;
}

/**
 * Several queries at once: each is retrieved for itself, and a passage stands where its best query puts it.
 * The answer names what was searched. The most that this can cost is reserved before any of it.
 * @throws Failure `budget_exceeded`, `rate_limit_exceeded`.
 */
export async function search(
  deps: Retrieval,
  { tenantId, span, afford }: MeteredWork,
  { queries, rewrite = false, ...asked }: Search,
): Promise<{ readonly searches: readonly string[]; readonly hits: readonly Hit[] }> {
  const { searches } = await span.stage('plan', { rewrite }, async () => plan(queries, rewrite));
  await afford(worstCase(deps, searches));
  const question = { filter: null, weights: null, ranker: 'auto', scoreThreshold: 0, ...asked } as const;
  const found = await Promise.all(
    searches.map((text) => retrieve(deps, tenantId, { ...question, text }, span)),
  );
  return { searches, hits: best(found.flatMap(({ hits }) => hits)).slice(0, question.limit) };
}

/** Each search is embedded, and its candidates are read once. */
const worstCase = ({ embedder, reranker }: Retrieval, searches: readonly string[]): Money =>
  addMoney(embedder.worstCase(searches, 'query'), reranker.worstCase(searches.length * RERANKED));

/** Each passage once, with its highest score, best first. */
function best(hits: readonly Hit[]): readonly Hit[] {
  const kept = new Map<string, Hit>();
  for (const hit of hits.toSorted((a, b) => b.score - a.score)) {
    if (!kept.has(hit.passage.id)) kept.set(hit.passage.id, hit);
  }
  return [...kept.values()];
}
