import type { LanguageModelV4FunctionTool, LanguageModelV4ToolChoice } from '@ai-sdk/provider';
import type { JsonSchema } from '../json-schema.ts';
import type { Message } from './conversation.ts';
import type { PassedOn } from './provider.ts';

export type FunctionTool = LanguageModelV4FunctionTool;
export type ToolChoice = LanguageModelV4ToolChoice;

/** The answer is JSON of this schema; a null schema is any JSON object. */
export interface JsonAnswer {
  readonly name: string;
  readonly schema: JsonSchema | null;
  readonly description: string | null;
  /** OpenAI's `strict`: decoding follows the schema, which then has to keep to a part of JSON Schema. */
  readonly strict: boolean;
}

export interface ChatCall {
  readonly messages: readonly Message[];
  /** The most that the answer may have: reserved before, and bounds what is billed after (`chat-bounds.ts`). */
  readonly maxOutputTokens: number;
  /** False where the target's own limit applies: the caller named none, and no budget needs one. */
  readonly sendsLimit?: boolean;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly tools?: readonly FunctionTool[];
  readonly toolChoice?: ToolChoice;
  readonly json?: JsonAnswer;
  /** Only for a target that speaks OpenAI's dialect. */
  readonly passedOn?: PassedOn;
}
