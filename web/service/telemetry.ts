import * as z from 'zod/mini';
import { read } from './connection.ts';

/** What requests cost and where their time went. */
const dollars = z.union([z.number(), z.string()]);

const usage = z.object({
  data: z.array(
    z.object({
      group: z.nullable(z.string()),
      requests: z.number(),
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost_usd: dollars,
      p50_ms: z.nullable(z.number()),
      p95_ms: z.nullable(z.number()),
    }),
  ),
  total: z.object({ requests: z.number(), cost_usd: dollars }),
});

export type Usage = z.output<typeof usage>;
export const usageGroups = ['day', 'model', 'prompt_version', 'stage', 'key'] as const;
export type UsageGroup = (typeof usageGroups)[number];

const summary = {
  trace_id: z.string(),
  route: z.string(),
  status: z.number(),
  started_at: z.string(),
  duration_ms: z.number(),
  time_to_first_token_ms: z.nullish(z.number()),
  cost_usd: dollars,
  models: z.array(z.string()),
  prompt_version: z.nullish(z.string()),
  request_id: z.optional(z.string()),
  stages: z.optional(z.record(z.string(), z.number())),
  error: z.nullish(z.string()),
};

const span = z.object({
  span_id: z.string(),
  parent_id: z.nullable(z.string()),
  name: z.string(),
  started_at: z.string(),
  duration_ms: z.number(),
  attributes: z.record(z.string(), z.unknown()),
  model: z.nullish(z.string()),
  cost_usd: dollars,
  error: z.nullish(z.string()),
});

const traceSummary = z.object(summary);
const trace = z.object({ ...summary, spans: z.array(span) });

export type TraceSummary = z.output<typeof traceSummary>;
export type Span = z.output<typeof span>;
export type Trace = z.output<typeof trace>;

export const readUsage = (group: UsageGroup): Promise<Usage> => read(`/api/usage?group_by=${group}`, usage);

/** Which requests a list shows; the page's own polling would drown the others. */
export const requestKinds = ['answers', 'failed', 'all'] as const;
export type RequestKind = (typeof requestKinds)[number];

const filters: Readonly<Record<RequestKind, Readonly<Record<string, string>>>> = {
  answers: { route: 'POST /v1/responses' },
  failed: { failed: 'true' },
  all: {},
};

export async function listTraces(
  kind: RequestKind,
  after: string | null,
): Promise<{ readonly traces: readonly TraceSummary[]; readonly next: string | null }> {
  const query = new URLSearchParams({ ...filters[kind], ...(after === null ? {} : { after }) });
  const page = z.object({ data: z.array(traceSummary), next: z.nullish(z.string()) });
  const found = await read(`/api/traces?${query}`, page);
  return { traces: found.data, next: found.next ?? null };
}

export const readTrace = (id: string): Promise<Trace> => read(`/api/traces/${id}`, trace);
