import * as z from 'zod/mini';
import { read, Trouble, write } from './connection.ts';

/** Runs of agents, and what they wait for. */
export type JsonSchema = { readonly [key: string]: unknown };
export const actions = ['approve', 'edit', 'reject', 'respond'] as const;
export type Action = (typeof actions)[number];

const answer = z.object({
  action: z.string(),
  args: z.optional(z.unknown()),
  value: z.optional(z.unknown()),
  by: z.nullish(z.string()),
  at: z.nullish(z.union([z.string(), z.number()])),
  reason: z.nullish(z.string()),
});

export type InterruptAnswer = z.output<typeof answer>;

const interrupt = z.object({
  id: z.string(),
  run_id: z.string(),
  agent: z.optional(z.string()),
  step: z.number(),
  node: z.string(),
  kind: z.enum(['tool', 'input', 'uncertain']),
  tool: z.nullish(z.string()),
  /** Any JSON: a tool may take a text or a list. */
  args: z.optional(z.unknown()),
  args_hash: z.nullish(z.string()),
  message: z.string(),
  allow: z.array(z.string()),
  response_schema: z.optional(z.unknown()),
  status: z.string(),
  answer: z.nullish(answer),
  expires_at: z.nullish(z.union([z.string(), z.number()])),
  created_at: z.union([z.string(), z.number()]),
});

export type Interrupt = z.output<typeof interrupt>;

/** An item in a form that this page does not know: it is shown as such, and hides no other. */
export interface OddInterrupt {
  readonly id: string;
  readonly run_id: string | null;
}

export interface InterruptPage {
  readonly interrupts: readonly Interrupt[];
  readonly odd: readonly OddInterrupt[];
  readonly total: number;
  readonly next: string | null;
}

export type InboxOrder = 'asc' | 'desc';

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
  attempts: z.optional(z.number()),
  last_error: z.optional(z.object({ message: z.string() })),
  next_attempt_at: z.optional(z.string()),
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
        attempts: z.optional(z.number()),
        args: z.optional(z.unknown()),
        result: z.optional(z.unknown()),
        error: z.optional(z.object({ message: z.string() })),
        omitted: z.optional(z.array(z.string())),
        duration_ms: z.optional(z.number()),
      }),
    ),
  ),
  answer: z.nullish(answer),
  answers: z.optional(z.array(answer)),
  at: z.union([z.string(), z.number()]),
});

export type HistoryStep = z.output<typeof historyStep>;

const interruptPage = z.object({
  data: z.array(z.unknown()),
  total: z.number(),
  next: z.nullish(z.string()),
});
const anyInterrupt = z.object({ id: z.string(), run_id: z.nullish(z.string()) });

/** What waits for a person, a page at a time. */
export async function listInterrupts(order: InboxOrder, after: string | null): Promise<InterruptPage> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const path = `/api/interrupts?status=pending&limit=100&order=${order}${from}`;
  const { data, total, next } = await read(path, interruptPage);
  const interrupts: Interrupt[] = [];
  const odd: OddInterrupt[] = [];
  for (const item of data) {
    const known = interrupt.safeParse(item);
    const other = anyInterrupt.safeParse(item);
    if (known.success) interrupts.push(known.data);
    else if (other.success) odd.push({ id: other.data.id, run_id: other.data.run_id ?? null });
  }
  return { interrupts, odd, total, next: next ?? null };
}

export const countInterrupts = async (): Promise<number> =>
  (await read('/api/interrupts?status=pending&limit=1', interruptPage)).total;

export const readInterrupt = (id: string): Promise<Interrupt> =>
  read(`/api/interrupts/${encodeURIComponent(id)}`, interrupt);

export type Answered =
  | { readonly kind: 'answered' }
  /** Somebody was faster; theirs stands. */
  | { readonly kind: 'late'; readonly winner: InterruptAnswer };

export async function answerInterrupt(
  id: string,
  given: {
    readonly action: Action;
    readonly args?: unknown;
    readonly value?: unknown;
    readonly reason?: string;
    /** Of the arguments that the person saw: an answer is refused if they are others by now. */
    readonly args_hash: string | null;
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

export interface HistoryPage {
  readonly steps: readonly HistoryStep[];
  readonly next: string | null;
}

export async function readHistory(
  id: string,
  {
    order,
    limit,
    after,
  }: { readonly order: 'asc' | 'desc'; readonly limit: number; readonly after: string | null },
): Promise<HistoryPage> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const page = z.object({ data: z.array(historyStep), next: z.nullish(z.string()) });
  const found = await read(`/api/agents/runs/${id}/history?order=${order}&limit=${limit}${from}`, page);
  return { steps: found.data, next: found.next ?? null };
}

export const startRun = (agent: string, input: unknown): Promise<Run> =>
  write('POST', `/api/agents/${agent}/runs`, { input }, run);
