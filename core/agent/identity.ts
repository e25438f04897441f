import { notFound } from '../failure.ts';
import { hex, type Random, sha256 } from '../identifier.ts';

/**
 * An id says where its journal is, so that no look-up stands between a request and the truth: the first half
 * of a run's id is its thread's, and an interrupt's id holds its run's. All runs of a thread share one object,
 * which is what makes a fork free. 64 bits of a thread's hash may collide within a tenant; then two threads
 * share an object, and nothing else.
 */
const THREAD_DIGITS = 16;
const RUN_BYTES = 8;

export async function newRunId(threadId: string, random: Random): Promise<string> {
  const thread = (await sha256(threadId)).slice(0, THREAD_DIGITS);
  return `run_${thread}${hex(random(new Uint8Array(RUN_BYTES)))}`;
}

/** A fork lives in the object of the run that it comes from. */
export const siblingRunId = (runId: string, random: Random): string =>
  `run_${threadPart(runId)}${hex(random(new Uint8Array(RUN_BYTES)))}`;

/** The object's name; another tenant's run id leads to another, empty object. Throws `not_found`. */
export function sessionName(tenantId: string, runId: string): string {
  if (!/^run_[0-9a-f]{32}$/.test(runId)) throw notFound('run', runId);
  return `${tenantId}/${threadPart(runId)}`;
}

const threadPart = (runId: string): string => runId.slice('run_'.length, 'run_'.length + THREAD_DIGITS);

export const interruptId = (runId: string, ordinal: number): string =>
  `int_${runId.slice('run_'.length)}_${ordinal}`;

/** Throws `not_found`. */
export function runOfInterrupt(id: string): string {
  const run = /^int_([0-9a-f]{32})_\d+$/.exec(id)?.[1];
  if (run === undefined) throw notFound('interrupt', id);
  return `run_${run}`;
}
