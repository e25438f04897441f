import type { VectorStoreId } from '../identifier.ts';
import type { FileAttributes, Filter } from './filter.ts';
import type { Passage } from './passage.ts';

/** What is asked of which documents, and how the two sides are weighed. */
export interface RetrievalQuery {
  readonly text: string;
  readonly vectorStoreIds: readonly VectorStoreId[];
  readonly filter: Filter | null;
  /** 1…50. */
  readonly limit: number;
  /** Shares of the two sides; {1, 0} runs the dense side only, {0, 1} the sparse side only; null takes the default. */
  readonly weights: { readonly embedding: number; readonly text: number } | null;
  /** `none`: fused and not reranked. */
  readonly ranker: 'auto' | 'none' | 'default-2024-11-15';
  /** 0…1 on the final score; hits below are left out. */
  readonly scoreThreshold: number;
}

/** What each signal said of a passage; null where that side did not see it or did not run. */
export interface Signals {
  readonly dense: number | null;
  readonly sparse: number | null;
  readonly fused: number;
  /** The cross-encoder's relevance, 0…1. */
  readonly reranked: number | null;
}

export interface Hit {
  readonly passage: Passage & { readonly attributes: FileAttributes };
  /** The final score, 0…1, by which hits are ordered. */
  readonly score: number;
  readonly signals: Signals;
}
