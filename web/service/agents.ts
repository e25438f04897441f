import { z } from 'zod';
import { HistoryStep, Run, RunList, type RunSummary } from '../../contract/agents.ts';
import {
  AnsweredInterrupt,
  type AnswerInterruptRequest,
  Interrupt,
  InterruptAction,
  InterruptAnswer,
} from '../../contract/interrupts.ts';
import { looseList, read, readList, ServiceError, write } from './connection.ts';

export type { HistoryStep, Interrupt, InterruptAnswer, Run, RunSummary };

/** Runs of agents, and what they wait for. */
export type JsonSchema = { readonly [key: string]: unknown };
export const actions = InterruptAction.options;
export type Action = InterruptAction;

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

const interruptPage = looseList.extend({ total: z.number() });
const anyInterrupt = z.object({ id: z.string(), run_id: z.string().nullish() });

/** What waits for a person, a page at a time. */
export async function listInterrupts(order: InboxOrder, after: string | null): Promise<InterruptPage> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const path = `/api/interrupts?status=pending&limit=100&order=${order}${from}`;
  const { data, total, next } = await read(path, interruptPage);
  const interrupts: Interrupt[] = [];
  const odd: OddInterrupt[] = [];
  for (const item of data) {
    const known = Interrupt.safeParse(item);
    if (known.success) {
      interrupts.push(known.data);
      continue;
    }
    const other = anyInterrupt.safeParse(item);
    if (other.success) odd.push({ id: other.data.id, run_id: other.data.run_id ?? null });
  }
  return { interrupts, odd, total, next };
}

export const countInterrupts = async (): Promise<number> =>
  (await read('/api/interrupts?status=pending&limit=1', interruptPage)).total;

export const readInterrupt = (id: string): Promise<Interrupt> =>
  read(`/api/interrupts/${encodeURIComponent(id)}`, Interrupt);

export type Answered =
  | { readonly kind: 'answered' }
  /** Somebody was faster; theirs stands. */
  | { readonly kind: 'late'; readonly winner: InterruptAnswer };

/** What a form made: the service checks it against the schema of the question. */
interface UncheckedAnswer {
  readonly args?: unknown;
  readonly value?: unknown;
}

export async function answerInterrupt(
  id: string,
  /** With the hash of the arguments that the person saw: an answer is refused if they are others by now. */
  given: Omit<AnswerInterruptRequest, 'args' | 'value'> & UncheckedAnswer,
): Promise<Answered> {
  try {
    await write('POST', `/api/interrupts/${id}`, given, AnsweredInterrupt);
    return { kind: 'answered' };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 409) throw error;
    const lost = z.object({ winner: InterruptAnswer }).safeParse(error.body);
    if (!lost.success) throw error;
    return { kind: 'late', winner: lost.data.winner };
  }
}

export async function listRuns(
  after: string | null,
): Promise<{ readonly runs: readonly RunSummary[]; readonly next: string | null }> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const { data, next } = await readList(`/api/agents/runs?limit=100${from}`, RunList.shape.data.element);
  return { runs: data, next };
}

export const readRun = (id: string): Promise<Run> => read(`/api/agents/runs/${id}`, Run);

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
  const path = `/api/agents/runs/${id}/history?order=${order}&limit=${limit}${from}`;
  const { data, next } = await readList(path, HistoryStep);
  return { steps: data, next };
}

export const startRun = (agent: string, input: unknown): Promise<Run> =>
  write('POST', `/api/agents/${agent}/runs`, { input }, Run);
