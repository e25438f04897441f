import { notFound } from '../failure.ts';
import {
  asId,
  hex,
  type InterruptId,
  type Random,
  type RunId,
  sha256,
  type TenantId,
} from '../identifier.ts';

/**
 * An id says where its journal is, so that no list stands between a request and the truth: the first half
 * of a run's id is its thread's, and an interrupt's id holds its run's. All runs of a thread share one object,
 * which is what makes a fork free. 64 bits of a thread's hash may collide within a tenant; then two threads
 * share an object, and nothing else.
 */
const THREAD_DIGITS = 16;
const RUN_BYTES = 8;

/** The half of a run's id that is its own: random, or made of the caller's idempotency key, so that a retry names the same run. */
export async function ownPart(
  { tenantId, idempotencyKey }: { readonly tenantId: TenantId; readonly idempotencyKey: string | null },
  random: Random,
): Promise<string> {
  if (idempotencyKey === null) return hex(random(new Uint8Array(RUN_BYTES)));
  return (await sha256(`${tenantId}\n${idempotencyKey}`)).slice(0, 2 * RUN_BYTES);
}

export async function runIdOf(threadId: string, own: string): Promise<RunId> {
  return asId(`run_${(await sha256(threadId)).slice(0, THREAD_DIGITS)}${own}`);
}

/** A fork lives in the object of the run that it comes from. Throws `not_found`. */
export function siblingRunId(runId: RunId, own: string): RunId {
  checkRunId(runId);
  return asId(`run_${threadPart(runId)}${own}`);
}

/** The object's name; another tenant's run id leads to another, empty object. Throws `not_found`. */
export function sessionName(tenantId: TenantId, runId: RunId): string {
  checkRunId(runId);
  return `${tenantId}/${threadPart(runId)}`;
}

function checkRunId(runId: RunId): void {
  if (!/^run_[0-9a-f]{32}$/.test(runId)) throw notFound('run', runId);
}

const threadPart = (runId: RunId): string => runId.slice('run_'.length, 'run_'.length + THREAD_DIGITS);

export const interruptId = (runId: RunId, ordinal: number): InterruptId =>
  asId(`int_${runId.slice('run_'.length)}_${ordinal}`);

/** Throws `not_found`. */
export function runOfInterrupt(id: InterruptId): RunId {
  const run = /^int_([0-9a-f]{32})_\d+$/.exec(id)?.[1];
  if (run === undefined) throw notFound('interrupt', id);
  return asId(`run_${run}`);
}
