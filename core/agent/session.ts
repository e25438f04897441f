import type { InterruptId, RunId, TenantId } from '../identifier.ts';
import type { Fork, Replay } from './fork.ts';
import type { HistoryPage, HistoryRange } from './history.ts';
import type { ListedInterrupt } from './inbox.ts';
import type { GivenAnswer } from './interrupt.ts';
import type { Caller, InterruptRecord } from './journal.ts';
import type { NewRun, RunStanding } from './run.ts';

/**
 * The journals of a tenant, wherever they are kept. Who may speak to them is the edge's affair:
 *
 *  AGT-32 Every route that reads needs the scope `agents` or `read`, every other one `agents`.
 * Every verb throws a `Failure`: `not_found` for what another
 * tenant has, `invalid_request` naming the field, `conflict` for a second answer or a key that is used again.
 */
export interface AgentSessions {
  start(run: NewRun): Promise<RunStanding>;
  read(tenantId: TenantId, runId: RunId): Promise<RunStanding>;
  history(tenantId: TenantId, runId: RunId, range: HistoryRange): Promise<HistoryPage>;
  cancel(tenantId: TenantId, runId: RunId): Promise<RunStanding>;
  fork(by: Caller, runId: RunId, fork: Fork): Promise<RunStanding>;
  replay(by: Caller, runId: RunId, replay: Replay): Promise<RunStanding>;
  interrupt(tenantId: TenantId, interruptId: InterruptId): Promise<ListedInterrupt>;
  answer(by: Caller, interruptId: InterruptId, answer: GivenAnswer): Promise<InterruptRecord>;
}
