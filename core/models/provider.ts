import type { EmbeddingModelV4, LanguageModelV4, RerankingModelV4 } from '@ai-sdk/provider';
import type { Target } from './catalogue.ts';

/** What a request says in OpenAI's dialect beyond what we know of it, by field. */
export type PassedOn = Readonly<Record<string, unknown>>;

/** Turns a target into the AI SDK's model interfaces: our port to every model (docs/decisions/050). */
export interface ModelProvider {
  /** @param more Fields of OpenAI's dialect for the body of the call, below all that we say ourselves. */
  chat(target: Target, more?: PassedOn): LanguageModelV4;
  embedding(target: Target): EmbeddingModelV4;
  /** @throws Failure where the kind of target has no reranking. */
  reranking(target: Target): RerankingModelV4;
}

/** OpenTelemetry's `gen_ai.provider.name` for each kind of target. */
export const providerName = (kind: Target['kind']): string =>
  kind === 'workers-ai' ? 'cloudflare' : kind === 'openai-compatible' ? 'openai_compatible' : kind;
