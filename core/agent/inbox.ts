import type { Clock } from '../clock.ts';
import type { RunId, TenantId } from '../identifier.ts';
import type { Page, PageRange } from '../page.ts';
import type { InterruptRecord, InterruptStatus, Journal, RunRecord } from './journal.ts';
import { type RunDependencies, type RunStanding, readRun } from './run.ts';

/**
 * The public lists over all runs of a tenant. A run's truth is in its own journal; this is a copy that may lag.
 *
 *  AGT-20 A copy is never older than one that was shown before: an entry is replaced by a higher version only.
 *  AGT-21 A change that the copy has not got has a `wakeAt`: a crash between journal and copy delays the copy and
 *         cannot lose it. (`version` and `indexed` of a run are the outbox; it needs no rows of its own.)
 *  AGT-22 What a run itself has shown, the lists show: every answer is given after the copy was tried.
 */
export interface Inbox {
  publish(standing: RunStanding, interrupts: readonly InterruptRecord[]): Promise<void>;
  /** Whether there is such a run: nothing but a list can say so without making its object. */
  knows(tenantId: TenantId, runId: RunId): Promise<boolean>;
  runs(tenantId: TenantId, filter: RunFilter, range: PageRange): Promise<Page<RunSummary>>;
  interrupts(tenantId: TenantId, filter: InterruptFilter, range: PageRange): Promise<Page<ListedInterrupt>>;
  /** How many interrupts the filter finds; counts no further than `most`. */
  countInterrupts(tenantId: TenantId, filter: InterruptFilter, most: number): Promise<number>;
}

export interface RunFilter {
  readonly agent?: string;
  readonly threadId?: string;
  readonly status?: RunRecord['status'];
}

export interface InterruptFilter {
  readonly runId?: RunId;
  readonly status?: InterruptStatus;
  /** Left out, newest first. */
  readonly order?: 'asc' | 'desc';
}

export interface RunSummary {
  readonly id: RunId;
  readonly agent: string;
  readonly threadId: string;
  readonly status: RunRecord['status'];
  readonly step: number;
  readonly error: RunRecord['error'];
  readonly forkedFrom: { readonly runId: RunId; readonly step: number } | null;
  readonly createdAt: number;
}

export interface ListedInterrupt extends InterruptRecord {
  readonly agent: string;
}

/** How long to wait after the lists could not be reached. */
const RETRY_MS = 5_000;
/** A run that no list knows cannot be read, so a new one is worth more than one try. */
const FIRST_TRIES = 3;

export interface PublishDependencies extends RunDependencies {
  readonly inbox: Pick<Inbox, 'publish'>;
  readonly report: (error: unknown) => void;
}

/** Tells the lists what they do not know yet. Never throws: what could not be told is told at the next alarm. */
export async function publish(deps: PublishDependencies): Promise<void> {
  const behind = deps.journal.due(Number.MAX_SAFE_INTEGER).filter((run) => run.version > run.indexed);
  for (const { id, tenantId, version, indexed } of behind) {
    const told = await tell(deps, tenantId, id, indexed === 0 ? FIRST_TRIES : 1);
    settle(deps, id, told ? { indexed: version } : { retryAt: deps.clock() + RETRY_MS });
  }
}

async function tell(
  deps: PublishDependencies,
  tenantId: TenantId,
  id: RunId,
  tries: number,
): Promise<boolean> {
  try {
    const own = deps.journal.interrupts(id, 0).filter(({ runId }) => runId === id);
    await deps.inbox.publish(readRun(deps, tenantId, id), own);
    return true;
  } catch (error) {
    deps.report(error);
    return tries > 1 && (await tell(deps, tenantId, id, tries - 1));
  }
}

/** Reads the run again, because it may have moved on while the lists were told. */
function settle(
  { journal }: { readonly journal: Journal; readonly clock: Clock },
  runId: RunId,
  outcome: { readonly indexed?: number; readonly retryAt?: number },
): void {
  const run = journal.run(runId);
  if (run === null) return;
  const indexed = outcome.indexed ?? run.indexed;
  const done = run.status !== 'running' && indexed === run.version;
  const wakeAt = done ? null : run.status === 'running' ? run.wakeAt : (outcome.retryAt ?? run.wakeAt);
  journal.commit([{ kind: 'run', run: { ...run, indexed, wakeAt } }]);
}
