import type OpenAI from 'openai';
import type { VectorStoreSearchParams } from 'openai/resources/vector-stores/vector-stores';
import { inParallel, type LoadedCollection } from './load.ts';
import type { Progress } from './progress.ts';
import type { TestCollection } from './test-collection.ts';

/** The most results that the API gives: recall is measured to this depth, not beyond. */
export const DEPTH = 50;

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
  /** Milliseconds a query, as the caller waited, in order of arrival. */
  readonly waits: readonly number[];
}

/** A laptop's models serve one at a time; a second query in flight hides the round trip, a third only waits. */
const QUERIES_AT_ONCE = 2;

export async function askAll(
  client: OpenAI,
  collection: TestCollection,
  loaded: LoadedCollection,
  mode: Mode,
  progress: Progress,
): Promise<Rankings> {
  const ranked = new Map<string, readonly string[]>();
  const waits: number[] = [];
  await inParallel(collection.queries, QUERIES_AT_ONCE, async (query) => {
    const began = performance.now();
    const page = await client.vectorStores.search(loaded.vectorStoreId, {
      query: query.text,
      max_num_results: DEPTH,
      ranking_options: modes[mode],
    });
    waits.push(performance.now() - began);
    // A document stands where its best passage does.
    const files = new Set(page.data.map((result) => result.filename));
    ranked.set(
      query.id,
      [...files].map((filename) => documentOf(loaded, filename)),
    );
    progress.show(`${collection.name}: ${mode}, ${ranked.size} of ${collection.queries.length} queries`);
  });
  return { ranked, waits };
}

function documentOf(loaded: LoadedCollection, filename: string): string {
  const id = loaded.documents.get(filename);
  if (id === undefined) throw new Error(`A result names '${filename}', which is not of this collection.`);
  return id;
}
