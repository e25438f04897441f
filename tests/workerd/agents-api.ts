import { expect } from 'vitest';
import type { Run as ApiRun, HistoryStep as Step } from '../../contract/agents.ts';
import type { Interrupt as ApiInterrupt } from '../../contract/interrupts.ts';
import type { Account } from './access.ts';

export type { Step };

/** A run of the example: what it puts out is any JSON to the contract, and this to the tests. */
export type Run = ApiRun & { readonly output?: { order: string; amount: number; receipt: string | null } };

/** Of a call or a question, whose schema is an object. */
export type Interrupt = ApiInterrupt & { readonly response_schema: Readonly<Record<string, unknown>> };

/** Runs of agents as a client sees them. */
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
