import type { PromptId } from '../identifier.ts';
import type { JsonSchema } from '../json-schema.ts';

export interface Example {
  readonly question: string;
  readonly answer: string;
}

export interface RetrievalSettings {
  /** Passages given to the answer, best first. */
  readonly maxResults: number;
  /** Weight of the dense side in the fusion, 0…1; null takes the default of `core/retrieve`. */
  readonly embeddingWeight: number | null;
  readonly rerank: boolean;
}

/** What a version fixes. Everything that can change an answer is in here, and nothing else. */
export interface PromptContent {
  readonly instructions: string;
  readonly examples: readonly Example[];
  /** A catalogue name or alias. */
  readonly model: string;
  /** `auto` takes the model's own mode: a model that is not fit to generate quotes. */
  readonly answer: 'auto' | 'generate' | 'quote';
  readonly retrieval: RetrievalSettings;
  readonly outputSchema: JsonSchema | null;
}

/** The unit of improvement: immutable, numbered from 1, and named by what it holds. */
export interface PromptVersion extends PromptContent {
  readonly promptId: PromptId;
  readonly version: number;
  /** SHA-256 of the content as canonical JSON. */
  readonly hash: string;
  readonly labels: readonly string[];
  readonly createdAt: number;
}

/** How every answer, trace and score names its version: `default@3`. */
export const promptVersionName = (version: Pick<PromptVersion, 'promptId' | 'version'>): string =>
  `${version.promptId}@${version.version}`;
