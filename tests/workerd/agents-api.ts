import { expect } from 'vitest';
import type { Account } from './access.ts';

/** Runs of agents as a client sees them. */
export interface Run {
  readonly id: string;
  readonly agent: string;
  readonly thread_id: string;
  readonly status: string;
  readonly step: number;
  readonly state: Record<string, unknown>;
  readonly interrupts: readonly string[];
  readonly output?: { order: string; amount: number; receipt: string | null };
  readonly error?: { code: string; message: string };
  readonly forked_from?: { run_id: string; step: number };
}

export interface Step {
  readonly step: number;
  readonly node: string;
  readonly parent: number | null;
  readonly state: Record<string, unknown>;
  readonly effects: readonly { key: string; step: number; node: string; name: string; outcome: string }[];
  readonly answer?: { action: string; args?: unknown; by: string; at: string; reason?: string };
}

export interface Interrupt {
  readonly id: string;
  readonly run_id: string;
  readonly kind: string;
  readonly tool?: string;
  readonly args?: unknown;
  readonly args_hash?: string;
  readonly message: string;
  readonly allow: readonly string[];
  readonly response_schema: Record<string, unknown>;
  readonly status: string;
}

export async function started(account: Account, path: string, body: unknown): Promise<Run> {
  const response = await account.send('POST', path, body);
  expect(response.status, await response.clone().text()).toBe(201);
  return await response.json<Run>();
}

export const refund = (account: Account, order: string, amount: number): Promise<Run> =>
  started(account, '/api/agents/example-refund/runs', { input: { order, amount } });

export async function read(account: Account, runId: string): Promise<Run> {
  const response = await account.fetch(`/api/agents/runs/${runId}`);
  expect(response.status).toBe(200);
  return await response.json<Run>();
}

/** Polls until the run has left `running`. */
export async function settled(account: Account, runId: string): Promise<Run> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const run = await read(account, runId);
    if (run.status !== 'running') return run;
    if (Date.now() > deadline) throw new Error(`Run ${runId} is still running after 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function history(account: Account, runId: string): Promise<readonly Step[]> {
  const response = await account.fetch(`/api/agents/runs/${runId}/history`);
  expect(response.status).toBe(200);
  return (await response.json<{ data: Step[] }>()).data;
}

export async function pending(account: Account, query = ''): Promise<readonly Interrupt[]> {
  const response = await account.fetch(`/api/interrupts?status=pending${query}`);
  expect(response.status).toBe(200);
  return (await response.json<{ data: Interrupt[] }>()).data;
}

export const answer = (account: Account, id: string, body: unknown): Promise<Response> =>
  account.send('POST', `/api/interrupts/${id}`, body);

/** Starts a refund above the limit and answers its question. */
export async function answered(account: Account, order: string, amount: number, body: unknown): Promise<Run> {
  const { id } = await refund(account, order, amount);
  const waiting = await settled(account, id);
  expect(waiting.status).toBe('interrupted');
  expect((await answer(account, waiting.interrupts[0] ?? '', body)).status).toBe(200);
  return await settled(account, id);
}
