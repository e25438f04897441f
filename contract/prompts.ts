import { z } from 'zod';
import { JsonObject } from './json.ts';
import { Cursor, Paging, pageOf, Time } from './paging.ts';

/** D1 holds 2 MB a row; a version stays far below it. */
const MAX_INSTRUCTIONS = 64_000;
const MAX_EXAMPLES = 50;
const MAX_EXAMPLE_TEXT = 8_000;

export const PromptName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected up to 64 lower-case letters, digits, "_" or "-"');
export const LabelName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,31}$/,
    'expected up to 32 lower-case letters, digits, "_" or "-", a letter first',
  );

const Example = z.strictObject({
  question: z.string().min(1).max(MAX_EXAMPLE_TEXT),
  answer: z.string().min(1).max(MAX_EXAMPLE_TEXT),
});
const AnswerMode = z.enum(['auto', 'generate', 'quote']);

export const CreatePromptVersionRequest = z
  .strictObject({
    instructions: z.string().min(1).max(MAX_INSTRUCTIONS),
    examples: z.array(Example).max(MAX_EXAMPLES).default([]),
    model: z.string().min(1).max(200).optional(),
    answer: AnswerMode.optional(),
    retrieval: z
      .strictObject({
        max_results: z.int().min(1).max(50).optional(),
        embedding_weight: z.number().min(0).max(1).nullable().default(null),
        rerank: z.boolean().default(true),
      })
      .optional(),
    output_schema: JsonObject.nullable().default(null),
  })
  .meta({ id: 'CreatePromptVersionRequest' });
export type CreatePromptVersionRequest = z.infer<typeof CreatePromptVersionRequest>;

export const PromptVersion = z
  .object({
    id: z.string(),
    prompt: z.string(),
    version: z.int(),
    hash: z.string(),
    labels: z.array(z.string()).readonly(),
    instructions: z.string(),
    examples: z.array(z.object({ question: z.string(), answer: z.string() })).readonly(),
    model: z.string(),
    answer: AnswerMode,
    retrieval: z.object({
      max_results: z.int(),
      embedding_weight: z.number().nullable(),
      rerank: z.boolean(),
    }),
    output_schema: z.record(z.string(), z.unknown()).readonly().nullable(),
    created_at: Time,
  })
  .meta({ id: 'PromptVersion' });
export type PromptVersion = z.infer<typeof PromptVersion>;

export const PromptVersionList = pageOf(PromptVersion).meta({ id: 'PromptVersionList' });

/** `after` is the number of a version. */
export const PromptVersionQuery = Paging.extend({
  after: Cursor.refine(
    (text) => /^\d{1,9}$/.test(text),
    'expected the cursor that an earlier page gave out',
  ).optional(),
});

export const Prompt = z
  .object({
    id: z.string(),
    latest_version: z.int(),
    labels: z.record(z.string(), z.int()).readonly(),
    created_at: Time,
  })
  .meta({ id: 'Prompt' });
export type Prompt = z.infer<typeof Prompt>;

export const PromptList = pageOf(Prompt).meta({ id: 'PromptList' });

export const SetLabelRequest = z
  .strictObject({ version: z.int().positive() })
  .meta({ id: 'SetLabelRequest' });
