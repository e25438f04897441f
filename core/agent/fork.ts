import { canonicalJson } from '../canonical-json.ts';
import { invalid } from '../failure.ts';
import type { RunId } from '../identifier.ts';
import { locate } from './decide.ts';
import { follow } from './graph.ts';
import type { Caller, Origin, RunRecord } from './journal.ts';
import { checkSize, freezeJson, type State } from './json.ts';
import { keyReused, ownRun, type RunDependencies, type RunStanding, readRun } from './run.ts';

/**
 * Time travel: a new run that shares the first steps of another one, which never changes.
 *
 *  AGT-17 The shared steps are read where they are; nothing is copied.
 *  AGT-18 An effect of the shared part is never sent again. One of the part after it is sent again only under
 *         `rerun`, or when a person has said so, and then under a key of the new run.
 *  AGT-19 A changed state chooses its edge anew; an unchanged one goes where the first run went.
 */
export interface Fork {
  /** The new run's id (`siblingRunId`); one that is there already was made by this very fork (AGT-16). */
  readonly id: RunId;
  /** The last step to share. */
  readonly step: number;
  /** Merged over the state after that step. */
  readonly state?: State;
  readonly effects: 'reuse' | 'rerun' | 'ask';
}

export interface Replay {
  readonly id: RunId;
  /** The last step to share; left out, the run begins where it began: with its input, or where it was forked. */
  readonly step?: number;
  /** `recorded` takes every outcome and answer from the record; `live` calls and asks again. */
  readonly mode: 'recorded' | 'live';
}

export function forkRun(deps: RunDependencies, by: Caller, runId: RunId, fork: Fork): RunStanding {
  if (fork.state !== undefined) checkSize(fork.state, 'state');
  return branch(deps, by, runId, fork.id, {
    step: fork.step,
    patch: fork.state ?? null,
    records: fork.effects,
  });
}

export function replayRun(deps: RunDependencies, by: Caller, runId: RunId, replay: Replay): RunStanding {
  const records = replay.mode === 'live' ? 'rerun' : 'replay';
  const from = ownRun(deps.journal, by.tenantId, runId);
  const step = replay.step ?? from.origin?.step ?? 0;
  return branch(deps, by, runId, replay.id, { step, patch: null, records });
}

function branch(
  deps: RunDependencies,
  by: Caller,
  runId: RunId,
  id: RunId,
  { step, patch, records }: Pick<Origin, 'step' | 'patch' | 'records'>,
): RunStanding {
  const from = ownRun(deps.journal, by.tenantId, runId);
  const there = deps.journal.run(id)?.origin;
  if (there !== undefined) {
    const [was, is] = [there, { runId, step, patch, records }].map((one) =>
      one === null ? null : canonicalJson([one.runId, one.step, one.patch, one.records]),
    );
    if (was !== is) throw keyReused(id);
    return { ...readRun(deps, by.tenantId, id), repeated: true };
  }
  const agent = deps.agents.get(from.agent);
  if (agent === undefined) throw invalid('run_id', `The agent '${from.agent}' no longer exists.`);
  const steps = deps.journal.steps(runId);
  const last = steps.find((one) => one.step === step);
  if (step !== 0 && last === undefined) {
    throw invalid('step', `Run ${runId} has no step ${step}; its steps are 1 to ${steps.length}.`);
  }
  const shared = steps.filter((one) => one.step <= step);
  const before = locate(agent, from, shared);
  const state = freezeJson({ ...before.state, ...patch }, 'state');
  const edge = last === undefined ? undefined : agent.nodes[last.node]?.next;
  const next = patch === null || edge === undefined ? before.node : follow(edge, state);
  const at = deps.clock();
  const run: RunRecord = {
    id,
    tenantId: from.tenantId,
    keyId: by.keyId,
    agent: from.agent,
    threadId: from.threadId,
    input: from.input,
    status: 'running',
    output: null,
    error: null,
    origin: { runId, step, patch, next, records },
    attempts: 0,
    wakeAt: at,
    version: 1,
    indexed: 0,
    createdAt: at,
  };
  const done = next === null ? { status: 'completed' as const, output: agent.output(state) } : {};
  deps.journal.commit([{ kind: 'run', run: { ...run, ...done } }]);
  return { run: { ...run, ...done }, step, state, waiting: [], repeated: false };
}
