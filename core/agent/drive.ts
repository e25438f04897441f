import type { Key, KeyRepository } from '../access/key.ts';
import { Meter, type MeterDependencies } from '../access/meter.ts';
import { Failure } from '../failure.ts';
import { picodollars } from '../telemetry/money.ts';
import { Trace } from '../telemetry/trace.ts';
import { type AdvanceDependencies, advance } from './advance.ts';
import { postpone, postponeUnbegun } from './attempts.ts';
import type { RunRecord } from './journal.ts';

export interface DriveDependencies extends Omit<AdvanceDependencies, 'span' | 'afford'>, MeterDependencies {
  readonly keys: Pick<KeyRepository, 'find'>;
  readonly report: (error: unknown) => void;
}

/**
 * One drive of a run, with a trace of its own on the account of the key that started it. Never throws: an error
 * is one attempt without progress, and the run is tried again or given up.
 *
 *  LED-6 Work whose key cannot be looked up, or was revoked, spends nothing: it has no limits to keep to.
 */
export async function drive(deps: DriveDependencies, run: RunRecord): Promise<void> {
  const route = `agent:${run.agent}`;
  const trace = new Trace(route, deps, { 'selvedge.run.id': run.id, 'selvedge.thread.id': run.threadId });
  let key: Key;
  try {
    key = await keyOf(deps, run);
  } catch (error) {
    deps.report(error);
    postponeUnbegun(deps, run.id, error);
    return;
  }
  const meter = new Meter(deps, { trace, account: key, route });
  try {
    // A key that has nothing left starts nothing; what a tool will cost it reserves itself, when it is known.
    await meter.afford(LEAST);
    await advance({ ...deps, span: trace.root, afford: meter.afford }, run.id).catch((error: unknown) => {
      deps.report(error);
      postpone(deps, run.id, error);
    });
  } catch (error) {
    deps.report(error);
    postponeUnbegun(deps, run.id, error);
  }
  const error = failureOf(deps.journal.run(run.id));
  try {
    await meter.end({ error });
  } catch (unwritten) {
    deps.report(unwritten);
  }
}

async function keyOf(deps: Pick<DriveDependencies, 'keys'>, run: RunRecord): Promise<Key> {
  const key = await deps.keys.find(run.tenantId, run.keyId);
  if (key === null) throw new Failure('forbidden', 'The key that started this run was revoked.');
  return key;
}

const LEAST = picodollars(1);

/** What went wrong in this drive, also where the run is tried again. */
function failureOf(after: RunRecord | null): string | undefined {
  if (after?.status === 'running') return after.lastFailure?.error.message;
  return after?.error?.message;
}
