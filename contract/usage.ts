import { z } from 'zod';
import { Dollars } from './paging.ts';

export const UsageGroup = z.enum(['key', 'prompt_version', 'model', 'stage', 'hour', 'day']);
export type UsageGroup = z.infer<typeof UsageGroup>;

/** ISO 8601 (`2026-11-22`, `2026-11-22T10:00:00+01:00`; without an offset it is UTC), or seconds since the epoch. */
export const Moment = z.union(
  [z.string().regex(/^\d{1,11}$/), z.iso.date(), z.iso.datetime({ offset: true, local: true })],
  'expected an ISO 8601 time or seconds since the epoch',
);

export const UsageQuery = z.strictObject({
  from: Moment.optional(),
  to: Moment.optional(),
  key: z.string().optional(),
  group_by: UsageGroup.default('day'),
});
export type UsageQuery = z.infer<typeof UsageQuery>;

export const UsageReport = z
  .object({
    data: z.array(
      z.object({
        group: z.string().nullable(),
        requests: z.int(),
        input_tokens: z.int(),
        output_tokens: z.int(),
        cost_usd: Dollars,
        p50_ms: z.number().nullable(),
        p95_ms: z.number().nullable(),
      }),
    ),
    total: z.object({ requests: z.int(), cost_usd: Dollars }),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof UsageReport>;
