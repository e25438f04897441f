import { z } from 'zod';
import { JsonValue } from './json.ts';
import { Paging, pageOf, Time } from './paging.ts';

export const InterruptAction = z.enum(['approve', 'edit', 'reject', 'respond']);
export type InterruptAction = z.infer<typeof InterruptAction>;

export const InterruptStatus = z.enum(['pending', 'answered', 'cancelled']);

const Value = z.unknown();

export const InterruptAnswer = z.object({
  action: InterruptAction,
  args: Value.optional(),
  value: Value.optional(),
  reason: z.string().optional(),
  /** The key that answered. */
  by: z.string(),
  at: Time,
});
export type InterruptAnswer = z.infer<typeof InterruptAnswer>;

export const Interrupt = z
  .object({
    id: z.string(),
    run_id: z.string(),
    agent: z.string().optional(),
    step: z.int(),
    node: z.string(),
    kind: z.enum(['tool', 'input', 'uncertain']),
    tool: z.string().optional(),
    args: Value.optional(),
    /** Of the arguments that are shown: send it back, and an answer cannot hit another proposal. */
    args_hash: z.string().nullish(),
    message: z.string(),
    allow: z.array(InterruptAction).readonly(),
    response_schema: z.union([z.record(z.string(), z.unknown()).readonly(), z.boolean()]).nullable(),
    status: InterruptStatus,
    answer: InterruptAnswer.optional(),
    expires_at: Time.optional(),
    created_at: Time,
  })
  .meta({ id: 'Interrupt' });
export type Interrupt = z.infer<typeof Interrupt>;

/** `total` counts what the filter finds, up to 10,000. */
export const InterruptList = pageOf(Interrupt).extend({ total: z.int() }).meta({ id: 'InterruptList' });
export type InterruptList = z.infer<typeof InterruptList>;

export const InterruptQuery = Paging.extend({
  status: InterruptStatus.optional(),
  run_id: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

export const AnswerInterruptRequest = z
  .strictObject({
    action: InterruptAction,
    args: JsonValue.optional(),
    value: JsonValue.optional(),
    reason: z.string().max(2_000).optional(),
    args_hash: z.string().max(200).nullish(),
  })
  .meta({ id: 'AnswerInterruptRequest' });
export type AnswerInterruptRequest = z.infer<typeof AnswerInterruptRequest>;

export const AnsweredInterrupt = z
  .object({ id: z.string(), status: InterruptStatus, answer: InterruptAnswer.optional() })
  .meta({ id: 'AnsweredInterrupt' });
export type AnsweredInterrupt = z.infer<typeof AnsweredInterrupt>;
