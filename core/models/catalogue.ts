import { Failure } from '../failure.ts';
import type { AnswerMode, Calibrated } from './calibration.ts';

/** Where a model runs. `vllm` is an OpenAI-compatible server that we know to be ours (docs/how-to/choose-models.md). */
export type Target =
  | { readonly kind: 'workers-ai' | 'openai' | 'anthropic'; readonly model: string }
  | {
      readonly kind: 'openai-compatible' | 'vllm';
      readonly model: string;
      /** Up to and including `/v1`. */
      readonly baseUrl: string;
      /** The name of the secret that holds the key, never the key; null for a server that asks for none. */
      readonly secret: string | null;
    };

/** Targets that are called in OpenAI's own dialect: what we do not know of a request can be passed on to them. */
export const speaksOpenAi = ({ kind }: Target): boolean =>
  kind === 'openai' || kind === 'openai-compatible' || kind === 'vllm';

/** Where the price of a token comes from: the public price table, the operator's own figures, or nowhere. */
export type PriceReference =
  | { readonly kind: 'table'; readonly provider: string; readonly model: string }
  | { readonly kind: 'own'; readonly inputPerMillion: number; readonly outputPerMillion: number }
  | { readonly kind: 'none' };

interface Entry {
  /** What a request's `model` says. */
  readonly name: string;
  readonly target: Target;
  readonly price: PriceReference;
}

export type { AnswerMode };

export interface ChatCapabilities {
  readonly answers: AnswerMode;
  readonly tools: boolean;
  readonly jsonSchema: boolean;
  readonly contextTokens: number;
  /** Tokens of an answer whose caller names no limit; reserved, and sent wherever the target needs to be told. */
  readonly maxOutputTokens: number;
}

/** Some eight pages. Models that think before they answer want more: `max_output_tokens` in the catalogue. */
export const DEFAULT_OUTPUT_TOKENS = 4_096;

/** Vision models count some 1,000 to 3,000 for a page of 200 dpi; Pixtral's family, one for 28 × 28 pixels, up to 3,025. */
export const DEFAULT_PICTURE_TOKENS = 8_192;

export interface ChatEntry extends Entry {
  readonly task: 'chat';
  readonly capabilities: ChatCapabilities;
}

export interface EmbeddingEntry extends Entry {
  readonly task: 'embedding';
  readonly dimensions: number;
  /** Tokens that the model reads of a text; what is beyond is cut off. */
  readonly maxTokens: number;
  /** Put before a query and never before a passage; empty where the model wants none. */
  readonly queryPrefix: string;
}

export interface RerankEntry extends Entry {
  readonly task: 'rerank';
  /** Tokens that the model reads of question and text together. */
  readonly maxTokens: number;
}

/** Reads pages that are pictures: a vision model, or OCR behind the same dialect (`page-recognizer.ts`). */
export interface OcrEntry extends Entry {
  readonly task: 'ocr';
  /** The most tokens that a picture of a page counts for, with what is said beside it; reserved before each page. */
  readonly maxInputTokens: number;
  /** The most tokens of a page's text. */
  readonly maxOutputTokens: number;
}

export type ModelEntry = ChatEntry | EmbeddingEntry | RerankEntry | OcrEntry;
export type ModelTask = ModelEntry['task'];

export interface Catalogue extends Calibrated {
  readonly entries: readonly ModelEntry[];
  /** Alias → name. Every catalogue has those of `defaultAliases`. */
  readonly aliases: Readonly<Record<string, string>>;
}

export const defaultAliases: Readonly<Record<ModelTask, string>> = {
  chat: 'default',
  embedding: 'default-embedding',
  rerank: 'default-rerank',
  ocr: 'default-ocr',
};

type EntryOf<Task extends ModelTask> = Extract<ModelEntry, { task: Task }>;

const tasks: Readonly<Record<ModelTask, string>> = {
  chat: 'chat',
  embedding: 'embeddings',
  rerank: 'reranking',
  ocr: 'reading pictures of pages',
};

const nameOf = (catalogue: Catalogue, nameOrAlias: string): string =>
  catalogue.aliases[nameOrAlias] ?? nameOrAlias;

/**
 * The model that a name or an alias stands for.
 * @throws Failure `not_found` for an unknown name, `invalid_request` for a model of another task.
 */
export function findModel<Task extends ModelTask>(
  catalogue: Catalogue,
  nameOrAlias: string,
  task: Task,
  param = 'model',
): EntryOf<Task> {
  const name = nameOf(catalogue, nameOrAlias);
  const entry = catalogue.entries.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    throw new Failure(
      'not_found',
      `No model with the name '${nameOrAlias}'. GET /v1/models lists all names.`,
      {
        param,
        reason: 'model_not_found',
      },
    );
  }
  if (entry.task !== task) {
    throw new Failure(
      'invalid_request',
      `The model '${nameOrAlias}' is for ${tasks[entry.task]}; this call needs one for ${tasks[task]}.`,
      { param },
    );
  }
  return entry as EntryOf<Task>;
}

/** The models with which documents are indexed, found and scored. */
export interface RetrievalModels {
  readonly embedding: EmbeddingEntry;
  readonly rerank: RerankEntry;
}

/** The catalogue's defaults. */
export const retrievalModels = (catalogue: Catalogue): RetrievalModels => ({
  embedding: findModel(catalogue, defaultAliases.embedding, 'embedding'),
  rerank: findModel(catalogue, defaultAliases.rerank, 'rerank'),
});

/** Laid over the built-in models by the operator: same names replace, new names add, aliases move. */
export function extendCatalogue(catalogue: Catalogue, more: Catalogue): Catalogue {
  const names = new Set(more.entries.map((entry) => entry.name));
  return {
    entries: [...catalogue.entries.filter((entry) => !names.has(entry.name)), ...more.entries],
    aliases: { ...catalogue.aliases, ...more.aliases },
    calibrations: [...(more.calibrations ?? []), ...(catalogue.calibrations ?? [])],
  };
}
