import * as z from 'zod/mini';
import { read, Trouble, write } from './connection.ts';

/** Runs of agents, and what they wait for. */
export type JsonSchema = { readonly [key: string]: unknown };
const record = z.record(z.string(), z.unknown());
export const actions = ['approve', 'edit', 'reject', 'respond'] as const;
export type Action = (typeof actions)[number];

const interrupt = z.object({
  id: z.string(),
  run_id: z.string(),
  agent: z.optional(z.string()),
  step: z.number(),
  node: z.string(),
  kind: z.enum(['tool', 'input', 'uncertain']),
  tool: z.nullish(z.string()),
  args: z.nullish(record),
  message: z.string(),
  allow: z.array(z.enum(actions)),
  response_schema: z.nullish(record),
  status: z.string(),
  expires_at: z.nullish(z.union([z.string(), z.number()])),
  created_at: z.union([z.string(), z.number()]),
});

export type Interrupt = z.output<typeof interrupt>;

const answer = z.object({
  action: z.string(),
  args: z.nullish(record),
  by: z.nullish(z.string()),
  at: z.nullish(z.union([z.string(), z.number()])),
  reason: z.nullish(z.string()),
});

export type InterruptAnswer = z.output<typeof answer>;

const run = z.object({
  id: z.string(),
  agent: z.string(),
  thread_id: z.nullish(z.string()),
  status: z.enum(['running', 'interrupted', 'completed', 'failed', 'cancelled', 'stranded']),
  step: z.number(),
  state: z.unknown(),
  interrupts: z.array(z.string()),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  forked_from: z.nullish(z.object({ run_id: z.string(), step: z.number() })),
  created_at: z.union([z.string(), z.number()]),
});

export type Run = z.output<typeof run>;

const runSummary = z.pick(run, { id: true, agent: true, status: true, step: true, created_at: true });
export type RunSummary = z.output<typeof runSummary>;

const historyStep = z.object({
  step: z.number(),
  node: z.string(),
  parent: z.nullish(z.number()),
  state: z.unknown(),
  effects: z.optional(
    z.array(
      z.object({
        key: z.string(),
        step: z.number(),
        node: z.string(),
        name: z.string(),
        outcome: z.string(),
      }),
    ),
  ),
  answer: z.nullish(answer),
  at: z.union([z.string(), z.number()]),
});

export type HistoryStep = z.output<typeof historyStep>;

export const listInterrupts = async (): Promise<readonly Interrupt[]> =>
  (await read('/api/interrupts?status=pending&limit=100', z.object({ data: z.array(interrupt) }))).data;

export type Answered =
  | { readonly kind: 'answered' }
  /** Somebody was faster; theirs stands. */
  | { readonly kind: 'late'; readonly winner: InterruptAnswer };

export async function answerInterrupt(
  id: string,
  given: {
    readonly action: Action;
    readonly args?: Readonly<Record<string, unknown>>;
    readonly value?: unknown;
    readonly reason?: string;
  },
): Promise<Answered> {
  try {
    await write('POST', `/api/interrupts/${id}`, given, z.unknown());
    return { kind: 'answered' };
  } catch (error) {
    if (!(error instanceof Trouble) || error.status !== 409) throw error;
    const lost = z.object({ winner: answer }).safeParse(error.body);
    if (!lost.success) throw error;
    return { kind: 'late', winner: lost.data.winner };
  }
}

export async function listRuns(
  after: string | null,
): Promise<{ readonly runs: readonly RunSummary[]; readonly next: string | null }> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const page = z.object({ data: z.array(runSummary), next: z.nullish(z.string()) });
  const found = await read(`/api/agents/runs?limit=100${from}`, page);
  return { runs: found.data, next: found.next ?? null };
}

export const readRun = (id: string): Promise<Run> => read(`/api/agents/runs/${id}`, run);

export const readHistory = async (id: string): Promise<readonly HistoryStep[]> =>
  (await read(`/api/agents/runs/${id}/history`, z.object({ data: z.array(historyStep) }))).data;

export const startRun = (agent: string, input: unknown): Promise<Run> =>
  write('POST', `/api/agents/${agent}/runs`, { input }, run);
