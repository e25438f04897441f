import type { Money } from '../telemetry/money.ts';
import type { Span } from '../telemetry/trace.ts';

/**
 * What retrieval and ingestion need of models. Each call records one span with its tokens and its cost under
 * the span it is given; a failing upstream is a `Failure` with an `upstream_*` code.
 */
export interface Embedder {
  /** The catalogue name, such as `@cf/baai/bge-small-en-v1.5`; vectors of different models are never mixed. */
  readonly model: string;
  readonly dimensions: number;
  /** One vector a text, in order. Models that want an instruction before a query get it for `query`. */
  embed(
    texts: readonly string[],
    as: 'query' | 'passage',
    span: Span,
  ): Promise<readonly (readonly number[])[]>;
  /** The most that `embed` can cost for these texts. */
  worstCase(texts: readonly string[], as: 'query' | 'passage'): Money;
}

export interface Reranker {
  readonly model: string;
  /** One relevance in 0…1 a text, in the order of `texts`: a sigmoid over the cross-encoder's logit. */
  rerank(question: string, texts: readonly string[], span: Span): Promise<readonly number[]>;
  /** The most that reading so many texts can cost, however long they and the question are. */
  worstCase(texts: number): Money;
}
