import { canonicalJson } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import type { InterruptId, KeyId, RunId, TenantId } from '../identifier.ts';
import { checkSchema } from '../schema-problem.ts';
import { locate } from './decide.ts';
import type { Agent } from './graph.ts';
import { type Change, changed, type Journal, type RunRecord } from './journal.ts';
import { checkSize, freezeJson, type State } from './json.ts';

/**
 * What a caller does with a run: start it, read it, end it.
 *
 *  AGT-16 Starting is idempotent: a run's id is made of the caller's key, the thread's object decides in one place, and
 *         a retry gets the run that the first request made. The same for a fork and a replay.
 *  AGT-30 Reading writes nothing, and no answer grows with the run: a history comes in pages of bounded size.
 */
export interface RunDependencies {
  readonly journal: Journal;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly clock: Clock;
}

export interface NewRun {
  /** `runIdOf`; one that is there already was made by this very request (AGT-16). */
  readonly id: RunId;
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  readonly agent: string;
  readonly threadId: string;
  readonly input: State;
}

/** A run as it stands. */
export interface RunStanding {
  readonly run: RunRecord;
  /** The number of its last step; 0 before the first. */
  readonly step: number;
  readonly state: State;
  /** The interrupts that it waits for. */
  readonly waiting: readonly InterruptId[];
  /** The request that should have made it was a retry. */
  readonly repeated: boolean;
}

export function startRun(deps: RunDependencies, wanted: NewRun): RunStanding {
  const there = deps.journal.run(wanted.id);
  if (there !== null) {
    const [was, is] = [there, wanted].map((one) => canonicalJson([one.agent, one.threadId, one.input]));
    if (there.origin !== null || was !== is) throw keyReused(there.id);
    return { ...readRun(deps, wanted.tenantId, there.id), repeated: true };
  }
  const agent = deps.agents.get(wanted.agent);
  if (agent === undefined) throw notFound('agent', wanted.agent);
  checkSize(wanted.input, 'input');
  checkSchema(agent.inputSchema, wanted.input, 'input');
  const at = deps.clock();
  const run: RunRecord = {
    ...wanted,
    input: freezeJson(wanted.input, 'input'),
    status: 'running',
    output: null,
    error: null,
    origin: null,
    attempts: 0,
    wakeAt: at,
    version: 1,
    indexed: 0,
    createdAt: at,
  };
  deps.journal.commit([{ kind: 'run', run }]);
  return { run, step: 0, state: run.input, waiting: [], repeated: false };
}

export const keyReused = (runId: RunId): Failure =>
  new Failure(
    'conflict',
    `This Idempotency-Key was already used for run ${runId}, with a different request. Use a new key.`,
    {
      reason: 'idempotency_key_reused',
      members: { run_id: runId },
    },
  );

/** Throws `not_found`, also for a run of another tenant. */
export function ownRun(journal: Journal, tenantId: TenantId, runId: RunId): RunRecord {
  const run = journal.run(runId);
  if (run === null || run.tenantId !== tenantId) throw notFound('run', runId);
  return run;
}

export function readRun(deps: RunDependencies, tenantId: TenantId, runId: RunId): RunStanding {
  const run = ownRun(deps.journal, tenantId, runId);
  const agent = deps.agents.get(run.agent) ?? withoutReducers(run.agent);
  const { state, step } = locate(agent, run, deps.journal.steps(runId));
  const waiting = deps.journal
    .interrupts(runId, step, step)
    .filter((interrupt) => interrupt.runId === runId && interrupt.status === 'pending')
    .map(({ id }) => id);
  return { run, step: step - 1, state, waiting, repeated: false };
}

/** Ends a run wherever it is. An effect in flight may still happen; one that has ended stays as it is. */
export function cancelRun(deps: RunDependencies, tenantId: TenantId, runId: RunId): RunStanding {
  const run = ownRun(deps.journal, tenantId, runId);
  if (run.status === 'running' || run.status === 'interrupted') {
    const pending = deps.journal
      .interrupts(runId, 0)
      .filter((interrupt) => interrupt.runId === runId && interrupt.status === 'pending');
    deps.journal.commit([
      ...pending.map(
        (interrupt): Change => ({ kind: 'interrupt', interrupt: { ...interrupt, status: 'cancelled' } }),
      ),
      changed(run, { status: 'cancelled', wakeAt: deps.clock() }),
    ]);
  }
  return readRun(deps, tenantId, runId);
}

/** An agent that is gone leaves its journals readable; lists that it appended to read as last written. */
export const withoutReducers = (name: string): Agent => ({
  name,
  title: name,
  description: '',
  inputSchema: {},
  start: '',
  nodes: {},
  output: () => null,
});
