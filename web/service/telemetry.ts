import { Trace, TraceSummary } from '../../contract/traces.ts';
import { type UsageGroup as AnyUsageGroup, UsageReport } from '../../contract/usage.ts';
import { read, readList } from './connection.ts';

export type { Span } from '../../contract/traces.ts';
export type { Trace, TraceSummary };

/** What requests cost and where their time went. */
export type Usage = UsageReport;
export const usageGroups = [
  'day',
  'model',
  'prompt_version',
  'stage',
  'key',
] as const satisfies readonly AnyUsageGroup[];
export type UsageGroup = (typeof usageGroups)[number];

export const readUsage = (group: UsageGroup): Promise<Usage> =>
  read(`/api/usage?group_by=${group}`, UsageReport);

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
  const { data, next } = await readList(`/api/traces?${query}`, TraceSummary);
  return { traces: data, next };
}

export const readTrace = (id: string): Promise<Trace> => read(`/api/traces/${id}`, Trace);
