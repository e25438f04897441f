import { z } from 'zod';

export const ModelState = z.object({
  name: z.string(),
  state: z.enum(['ready', 'missing']),
  /** The model that really answers, where it is another. */
  stands_in: z.string().nullable(),
  answers: z.enum(['generate', 'quote']).optional(),
  reason: z.string().optional(),
  /** What works without it. */
  meanwhile: z.string().optional(),
});
export type ModelState = z.infer<typeof ModelState>;

export const Health = z
  .object({
    status: z.literal('ok'),
    version: z.string(),
    models: z.object({ chat: ModelState, embedding: ModelState, rerank: ModelState }),
    /** Whether the scores of embedding and rerank model have been measured together. */
    calibration: z.enum(['measured', 'assumed', 'fallback']),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;
