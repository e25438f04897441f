import type OpenAI from 'openai';
import type { VectorStoreSearchParams } from 'openai/resources/vector-stores/vector-stores';
import { DOCUMENT, inParallel } from './load.ts';
import type { Progress } from './progress.ts';
import type { TestCollection } from './test-collection.ts';

/** Documents a ranking, as deep as recall is stated. */
const DEPTH = 100;
/** The most results that a search gives. */
const RESULTS_A_SEARCH = 50;

/** `hybrid_search` is part of the API and of OpenAI's, but not yet of its client's types. */
interface Ranking extends VectorStoreSearchParams.RankingOptions {
  readonly hybrid_search?: { readonly embedding_weight: number; readonly text_weight: number };
}

export const modes: Readonly<Record<'sparse' | 'dense' | 'fused' | 'reranked', Ranking>> = {
  sparse: { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } },
  dense: { ranker: 'none', hybrid_search: { embedding_weight: 1, text_weight: 0 } },
  fused: { ranker: 'none' },
  /** What a search does when it is told nothing. */
  reranked: {},
};
export type Mode = keyof typeof modes;

export interface Rankings {
  readonly ranked: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds a query, as the caller waited for its first results, in order of arrival. */
  readonly waits: readonly number[];
}

/** A laptop's models serve one at a time; a second query in flight hides the round trip, a third only waits. */
const QUERIES_AT_ONCE = 2;

export async function askAll(
  client: OpenAI,
  collection: TestCollection,
  vectorStoreId: string,
  mode: Mode,
  progress: Progress,
): Promise<Rankings> {
  const ranked = new Map<string, readonly string[]>();
  const waits: number[] = [];
  await inParallel(collection.queries, QUERIES_AT_ONCE, async ({ id, text }) => {
    const began = performance.now();
    const first = await ask(client, vectorStoreId, text, modes[mode], []);
    waits.push(performance.now() - began);
    ranked.set(id, await deepen(first, (found) => ask(client, vectorStoreId, text, deeper(mode), found)));
    progress.show(`${collection.name}: ${mode}, ${ranked.size} of ${collection.queries.length} queries`);
  });
  return { ranked, waits };
}

/** Below the first results nothing is reranked: which documents are found is the same, and it is far quicker. */
const deeper = (mode: Mode): Ranking => ({ ...modes[mode], ranker: 'none' });

/** Asks again without the documents that were found, until there are `DEPTH` or no more. */
async function deepen(
  found: readonly string[],
  more: (found: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (found.length >= DEPTH) return found.slice(0, DEPTH);
  const next = await more(found);
  return next.length === 0 ? found : deepen([...found, ...next], more);
}

/** The documents that a search names, in order: each stands where its best passage does. */
async function ask(
  client: OpenAI,
  vectorStoreId: string,
  query: string,
  ranking: Ranking,
  without: readonly string[],
): Promise<readonly string[]> {
  const page = await client.vectorStores.search(vectorStoreId, {
    query,
    max_num_results: RESULTS_A_SEARCH,
    ranking_options: ranking,
    ...(without.length > 0 && { filters: { type: 'nin', key: DOCUMENT, value: [...without] } }),
  });
  return [...new Set(page.data.map((result) => String(result.attributes?.[DOCUMENT])))];
}
