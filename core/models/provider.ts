import type { EmbeddingModelV4, LanguageModelV4, RerankingModelV4 } from '@ai-sdk/provider';
import type { Target } from './catalogue.ts';

/** Turns a target into the AI SDK's model interfaces: our port to every model (docs/decisions/050). */
export interface ModelProvider {
  chat(target: Target): LanguageModelV4;
  embedding(target: Target): EmbeddingModelV4;
  /** @throws Failure where the kind of target has no reranking. */
  reranking(target: Target): RerankingModelV4;
}

/** OpenTelemetry's `gen_ai.provider.name` for each kind of target. */
export const providerName = (kind: Target['kind']): string =>
  kind === 'workers-ai' ? 'cloudflare' : kind === 'openai-compatible' ? 'openai_compatible' : kind;
