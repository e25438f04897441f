import type { FileId, VectorStoreId } from '../identifier.ts';
import type { ChatEntry } from '../models/catalogue.ts';
import type { FinishReason, FunctionTool, JsonAnswer, ToolChoice } from '../models/chat.ts';
import type { Message } from '../models/conversation.ts';
import type { Tokens } from '../models/prices.ts';
import type { PassedOn } from '../models/provider.ts';
import type { RequestField } from '../models/request-fields.ts';
import type { PromptVersion } from '../prompts/prompt.ts';
import type { Recognition } from '../retrieve/passage.ts';
import type { Hit, RetrievalQuery } from '../retrieve/query.ts';

/** Which documents to answer from; what is null follows the prompt version's retrieval settings. */
export interface DocumentQuestion {
  readonly vectorStoreIds: readonly VectorStoreId[];
  readonly filter: RetrievalQuery['filter'];
  readonly limit: number | null;
  readonly weights: RetrievalQuery['weights'];
  readonly ranker: RetrievalQuery['ranker'];
  readonly scoreThreshold: number;
}

interface Asked {
  readonly model: ChatEntry;
  /** The caller's own instructions; they stand after the prompt version's. */
  readonly instructions: string | null;
  /** The conversation, oldest first; what is answered is the last message of the user. */
  readonly messages: readonly Message[];
  readonly maxOutputTokens: number | null;
  /** False only for a key without budgets: then a target that has no limit of its own is sent none. */
  readonly needsBound?: boolean;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly stop: readonly string[];
  readonly seed: number | null;
  readonly tools: readonly FunctionTool[];
  readonly toolChoice: ToolChoice | null;
  readonly json: JsonAnswer | null;
  /** Empty unless the model's target speaks OpenAI's dialect, and there are no documents. */
  readonly passedOn: PassedOn;
}

/** Answered from documents, by a prompt version. */
export interface GroundedRequest extends Asked {
  readonly documents: DocumentQuestion;
  readonly prompt: PromptVersion;
}

/** A call of the model as it is; a prompt version only where the caller names one. */
export interface PlainRequest extends Asked {
  readonly documents: null;
  readonly prompt: PromptVersion | null;
}

/** What both of OpenAI's dialects (and the evaluations) ask, once their own shapes are behind them. */
export type AnswerRequest = GroundedRequest | PlainRequest;

/** A quote that code has found in the document: `quote` is the parsed text from `start` to `end`. */
export interface Citation {
  readonly fileId: FileId;
  readonly filename: string;
  /** Offset of the marker `[n]` in the answer's text; the n-th citation has the marker `[n]`. */
  readonly index: number;
  readonly quote: string;
  /** From 1; null for formats without pages. */
  readonly page: number | null;
  /** The page on which the quote ends. */
  readonly pageEnd: number | null;
  /** The quote was read from a picture; absent where it is the document's own text. */
  readonly ocr?: Recognition;
  readonly start: number;
  readonly end: number;
}

/** How an answer came to be: written, quoted, declined for want of evidence, or without documents at all. */
export type AnswerOutcome = 'generate' | 'quote' | 'abstain' | 'plain';

export type AnswerEvent =
  /** Before all else: fields that only tune, and have no effect on this answer. */
  | { readonly type: 'ignored'; readonly fields: readonly RequestField[] }
  | { readonly type: 'searching'; readonly query: string }
  | { readonly type: 'found'; readonly query: string; readonly hits: readonly Hit[] }
  | { readonly type: 'text'; readonly delta: string }
  /** Of a plain answer only: beside documents nothing is shown that has not been checked against them. */
  | { readonly type: 'reasoning'; readonly delta: string }
  | { readonly type: 'refusal'; readonly delta: string }
  /** Always after the text that holds its marker. */
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | {
      readonly type: 'finished';
      readonly mode: AnswerOutcome;
      readonly reason: FinishReason;
      /** Of chat models only; what embedding and reranking took is on their own spans. */
      readonly tokens: Tokens;
    };
