import { z } from 'zod';
import { Cursor, Dollars, pageOf, Time } from './paging.ts';

export const TraceQuery = z.strictObject({
  after: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  route: z.string().optional(),
  failed: z.enum(['true', 'false']).optional(),
});
export type TraceQuery = z.infer<typeof TraceQuery>;

export const TraceSummary = z
  .object({
    trace_id: z.string(),
    request_id: z.string(),
    key: z.string(),
    route: z.string(),
    status: z.int(),
    prompt_version: z.string().nullable(),
    models: z.array(z.string()).readonly(),
    usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
    cost_usd: Dollars,
    prices: z.string(),
    time_to_first_token_ms: z.number().nullable(),
    duration_ms: z.number(),
    stages: z.record(z.string(), z.number()).readonly(),
    error: z.string().nullable(),
    started_at: Time,
  })
  .meta({ id: 'TraceSummary' });
export type TraceSummary = z.infer<typeof TraceSummary>;

export const TraceList = pageOf(TraceSummary).meta({ id: 'TraceList' });
export type TraceList = z.infer<typeof TraceList>;

export const Span = z
  .object({
    span_id: z.string(),
    parent_id: z.string().nullable(),
    name: z.string(),
    stage: z.string().nullable(),
    started_at: Time,
    duration_ms: z.number(),
    attributes: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]))
      .readonly(),
    model: z.string().nullable(),
    cost_usd: Dollars,
    error: z.string().nullable(),
  })
  .meta({ id: 'Span' });
export type Span = z.infer<typeof Span>;

/** One request as a tree of spans; `spans` is empty once they are older than they are kept. */
export const Trace = TraceSummary.extend({ spans: z.array(Span) }).meta({ id: 'Trace' });
export type Trace = z.infer<typeof Trace>;
