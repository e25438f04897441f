import { newId, type Random } from '../identifier.ts';
import { priceTable } from '../models/prices.ts';
import { type RequestWriter, recordOf } from '../telemetry/record.ts';
import { Trace } from '../telemetry/trace.ts';
import { type AdvanceDependencies, advance, postpone } from './advance.ts';
import type { RunRecord } from './journal.ts';

export interface DriveDependencies extends Omit<AdvanceDependencies, 'span' | 'afford'> {
  readonly random: Random;
  readonly requests: RequestWriter;
  readonly report: (error: unknown) => void;
}

/**
 * One drive of a run, with a trace of its own on the account of the key that started it. Never throws: an error
 * is one attempt without progress, and the run is tried again or given up.
 */
export async function drive(deps: DriveDependencies, run: RunRecord): Promise<void> {
  const route = `agent:${run.agent}`;
  const trace = new Trace(route, deps, { 'selvedge.run.id': run.id, 'selvedge.thread.id': run.threadId });
  try {
    await advance({ ...deps, span: trace.root, afford: async () => undefined }, run.id);
  } catch (error) {
    deps.report(error);
    postpone(deps, run.id, error);
  }
  const error = troubleOf(deps.journal.run(run.id));
  const ending = {
    requestId: newId('req', deps.random),
    route,
    status: error === undefined ? 200 : 500,
    prices: priceTable,
    ...(error === undefined ? {} : { error }),
  };
  try {
    await deps.requests.write(recordOf(trace, run, ending));
  } catch (unwritten) {
    deps.report(unwritten);
  }
}

/** What went wrong in this drive, also where the run is tried again. */
function troubleOf(after: RunRecord | null): string | undefined {
  if (after?.status === 'running') return after.lastFailure?.error.message;
  return after?.error?.message;
}
