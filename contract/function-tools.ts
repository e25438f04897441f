import { z } from 'zod';
import { JsonObject } from './json.ts';

/** Parts of function tools and structured answers that both of OpenAI's dialects share. */

/** OpenAI's limit. */
export const MAX_TOOLS = 128;

export const FunctionName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"');

/** The name of a function in a history: its writer may have had other rules. */
export const CalledName = z.string().min(1).max(256);

export const JsonSchema = JsonObject;

/** Characters of one text in a request; all of them together stay below the 4 MiB of a body. */
export const Text = z.string().max(1_000_000);

/** What OpenAI's clients can say of a function that has no effect here (field-policy.ts). */
export const unusedOfFunction = ['allowed_callers', 'async', 'defer_loading', 'output_schema'] as const;

export const ToolMode = z.enum(['auto', 'none', 'required']);

/** OpenAI's limit of both dialects' `max_…_tokens` is the model's; this one only keeps the number sane. */
export const MaxTokens = z.int().min(1).max(1_000_000);
export const Temperature = z.number().min(0).max(2);
export const TopP = z.number().min(0).max(1);
export const Penalty = z.number().min(-2).max(2);

export const ServiceTier = z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']);
export const ReasoningEffort = z.string().max(32);
export const Verbosity = z.enum(['low', 'medium', 'high']);
export const Label = z.string().max(512);
