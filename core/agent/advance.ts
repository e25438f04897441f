import type { RunId } from '../identifier.ts';
import {
  afterProgress,
  beginAttempt,
  endRun,
  giveUp,
  isFresh,
  MAX_ATTEMPTS,
  toRunError,
} from './attempts.ts';
import { type Decision, decide, locate, type Position } from './decide.ts';
import {
  commitEffect,
  type EffectDependencies,
  placeOf,
  proposedEffect,
  resolveDoubt,
  sendEffect,
} from './effects.ts';
import type { Agent } from './graph.ts';
import { type Change, changed, type RunRecord } from './journal.ts';
import { freezeJson } from './json.ts';
import { pauseRun } from './pause.ts';
import { Records } from './records.ts';

/**
 * Drives one run until it ends, waits for a person, or has to be tried again later.
 *
 * Boundary. `decide` says what is next; this file and its neighbours (`effects`, `attempts`, `pause`) do it and journal
 * what came of it. The caller is an alarm and makes sure that one run is driven by one caller at a time.
 *
 *  AGT-11 Whatever is awaited, the run is read again afterwards: a run that was cancelled meanwhile gets no step.
 *  AGT-14 What a node costs grows with its calls, not with their square.
 */
export interface AdvanceDependencies extends Omit<EffectDependencies, 'records'> {
  readonly agents: ReadonlyMap<string, Agent>;
}

export async function advance(deps: AdvanceDependencies, runId: RunId): Promise<void> {
  const { journal } = deps;
  const begun = beginAttempt(deps, runId);
  if (begun === null) return;
  const agent = deps.agents.get(begun.agent);
  if (agent === undefined) {
    return endRun(deps, begun, 'stranded', {
      code: 'agent_missing',
      message: `This deployment has no agent '${begun.agent}'.`,
    });
  }
  let position = locate(agent, begun, journal.steps(runId));
  const records = new Records(journal, begun, position.step);
  const drive: EffectDependencies = { ...deps, records };
  for (;;) {
    const run = journal.run(runId);
    if (run === null || run.status !== 'running') return;
    const decision = decide(agent, { run, position, records });
    switch (decision.kind) {
      case 'step':
        commitStep(drive, agent, run, position, decision);
        if (decision.next === null) return;
        position = { state: decision.state, node: decision.next, step: position.step + 1 };
        records.enter(position.step);
        break;
      case 'send':
        if (run.attempts > MAX_ATTEMPTS) return giveUp(drive, run);
        if (!(await sendEffect(drive, run, position, decision))) return;
        break;
      case 'verify':
        if (!(await resolveDoubt(drive, run, position, decision))) return;
        break;
      case 'reuse':
        commitEffect(drive, run, {
          ...decision.record,
          ...placeOf(run, position, decision.call),
          reused: true,
          at: deps.clock(),
        });
        break;
      case 'refuse':
        commitEffect(drive, run, {
          ...proposedEffect(run, position, decision.call, deps.clock()),
          state: 'failed',
          error: decision.error,
        });
        break;
      case 'settle':
        commitEffect(drive, run, { ...decision.effect, at: deps.clock() });
        break;
      case 'ask':
        return await pauseRun(drive, run, position, decision.request, decision.why);
      case 'wait':
        return journal.commit([changed(run, { status: 'interrupted', attempts: 0, wakeAt: deps.clock() })]);
      case 'fail':
        return endRun(drive, run, 'failed', decision.error);
      case 'strand':
        return endRun(drive, run, 'stranded', decision.error);
    }
  }
}

function commitStep(
  deps: EffectDependencies,
  agent: Agent,
  run: RunRecord,
  position: Position,
  decision: Extract<Decision, { kind: 'step' }>,
): void {
  const { write, next, state } = decision;
  const at = deps.clock();
  const { step, node } = position;
  const span = deps.span.child(`step ${step} ${node}`, {
    'selvedge.step': step,
    'selvedge.node': node ?? '',
  });
  const changes: Change[] = [
    { kind: 'step', step: { runId: run.id, step, node: node ?? '', write, patch: null, next, at } },
  ];
  if (next === null) {
    const ended = { ...run, attempts: 0, lastFailure: null, wakeAt: at };
    try {
      const output = freezeJson(agent.output(state), 'output');
      changes.push(changed(ended, { status: 'completed', output }));
    } catch (error) {
      // A pure function of the state: it would throw the same the next time.
      const message = `The agent's output() failed: ${toRunError(error).message}`;
      changes.push(changed(ended, { status: 'failed', error: { code: 'output_failed', message } }));
    }
  } else if (!isFresh(run)) {
    changes.push({ kind: 'run', run: afterProgress(run) });
  }
  deps.journal.commit(changes);
  span.end();
}
