import type { Fork, Replay } from './fork.ts';
import type { GivenAnswer } from './interrupt.ts';
import type { Caller, InterruptRecord } from './journal.ts';
import type { HistoryEntry, NewRun, RunStanding } from './run.ts';

/**
 * The journals of a tenant, wherever they are kept. Every verb throws a `Failure`: `not_found` for what another
 * tenant has, `invalid_request` naming the field, `conflict` for a second answer.
 */
export interface AgentSessions {
  start(run: NewRun): Promise<RunStanding>;
  read(tenantId: string, runId: string): Promise<RunStanding>;
  history(tenantId: string, runId: string): Promise<readonly HistoryEntry[]>;
  cancel(tenantId: string, runId: string): Promise<RunStanding>;
  fork(by: Caller, runId: string, fork: Fork): Promise<RunStanding>;
  replay(by: Caller, runId: string, replay: Replay): Promise<RunStanding>;
  answer(by: Caller, interruptId: string, answer: GivenAnswer): Promise<InterruptRecord>;
}
