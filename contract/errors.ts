import { z } from 'zod';

/** OpenAI's envelope of a failure, under `/v1`. */
export const OpenAiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: 'OpenAiError' });
export type OpenAiError = z.infer<typeof OpenAiError>;

/**
 * RFC 9457, everywhere else. `type` leads to an explanation of the code. `param` names the field at fault. A 409 about
 * an interrupt has its `winner`, or the `args_hash` of the arguments that it has now; one about an
 * `Idempotency-Key` has the `run_id` that the key stands for.
 */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    param: z.string().optional(),
    winner: z.record(z.string(), z.unknown()).optional(),
    args_hash: z.string().nullish(),
    run_id: z.string().optional(),
    request_id: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
