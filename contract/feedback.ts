import { z } from 'zod';
import { pageOf, Time } from './paging.ts';

const MAX_TEXT = 20_000;

/** Exactly one of `trace_id` and `response_id` says which answer is judged. */
export const CreateFeedbackRequest = z
  .strictObject({
    trace_id: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits')
      .optional(),
    response_id: z.string().min(1).max(100).optional(),
    score: z.union([z.literal(-1), z.number().min(0).max(1)], 'expected -1, 1 or a number within 0…1'),
    comment: z.string().min(1).max(MAX_TEXT).optional(),
    correction: z.string().min(1).max(MAX_TEXT).optional(),
  })
  .meta({ id: 'CreateFeedbackRequest' });
export type CreateFeedbackRequest = z.infer<typeof CreateFeedbackRequest>;

export const Feedback = z
  .object({
    id: z.string(),
    trace_id: z.string(),
    response_id: z.string().nullable(),
    score: z.number(),
    comment: z.string().nullable(),
    correction: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: 'Feedback' });
export type Feedback = z.infer<typeof Feedback>;

/** Feedback with the conversation that it judges, as long as that is stored. */
export const JudgedConversation = Feedback.extend({
  prompt_version: z.string().nullable(),
  messages: z
    .array(z.object({ role: z.string(), content: z.string() }))
    .readonly()
    .nullable(),
}).meta({ id: 'JudgedConversation' });
export type JudgedConversation = z.infer<typeof JudgedConversation>;

export const FeedbackList = pageOf(JudgedConversation).meta({ id: 'FeedbackList' });
