import type { RankingOptions } from '../../contract/search-options.ts';

/** The part of a question that ranking options fix; what is not given takes the default. */
export const rankingOf = (options: RankingOptions | undefined) => ({
  // OpenAI's older names are other versions of its one reranker; here there is one, too.
  ranker: options?.ranker === 'none' ? ('none' as const) : ('auto' as const),
  scoreThreshold: options?.score_threshold ?? 0,
  weights:
    options?.hybrid_search === undefined
      ? null
      : { embedding: options.hybrid_search.embedding_weight, text: options.hybrid_search.text_weight },
});
