import type { TenantId } from '../identifier.ts';
import type { Span } from '../telemetry/trace.ts';
import { plan } from './plan.ts';
import type { Hit, RetrievalQuery } from './query.ts';
import { type Retrieval, retrieve } from './retrieve.ts';

export interface Search extends Omit<RetrievalQuery, 'text'> {
  /** At least one. */
  readonly queries: readonly string[];
  /** Allows the queries to be taken apart. */
  readonly rewrite: boolean;
}

/**
 * Several queries at once: each is retrieved for itself, and a passage stands where its best query puts it.
 * The answer names what was searched.
 */
export async function search(
  deps: Retrieval,
  tenantId: TenantId,
  { queries, rewrite, ...question }: Search,
  span: Span,
): Promise<{ readonly searches: readonly string[]; readonly hits: readonly Hit[] }> {
  const { searches } = await span.stage('plan', { rewrite }, async () => plan(queries, rewrite));
  const found = await Promise.all(
    searches.map((text) => retrieve(deps, tenantId, { ...question, text }, span)),
  );
  return { searches, hits: best(found.flatMap(({ hits }) => hits)).slice(0, question.limit) };
}

/** Each passage once, with its highest score, best first. */
function best(hits: readonly Hit[]): readonly Hit[] {
  const kept = new Map<string, Hit>();
  for (const hit of hits.toSorted((a, b) => b.score - a.score)) {
    if (!kept.has(hit.passage.id)) kept.set(hit.passage.id, hit);
  }
  return [...kept.values()];
}
