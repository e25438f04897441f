import type { Clock } from '../clock.ts';
import { notFound } from '../failure.ts';
import { locate } from './decide.ts';
import { type Agent, fold } from './graph.ts';
import {
  type Answer,
  type Change,
  changed,
  type EffectRecord,
  type Journal,
  type RunRecord,
  type StepRecord,
} from './journal.ts';
import { checkSize, type State } from './json.ts';
import { check } from './schema.ts';

export interface RunDependencies {
  readonly journal: Journal;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly clock: Clock;
}

export interface NewRun {
  readonly id: string;
  readonly tenantId: string;
  readonly keyId: string;
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
  readonly waiting: readonly string[];
}

export function startRun(deps: RunDependencies, wanted: NewRun): RunStanding {
  const agent = deps.agents.get(wanted.agent);
  if (agent === undefined) throw notFound('agent', wanted.agent);
  checkSize(wanted.input, 'input');
  check(agent.inputSchema, wanted.input, 'input');
  const at = deps.clock();
  const run: RunRecord = {
    ...wanted,
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
  return { run, step: 0, state: run.input, waiting: [] };
}

/** Throws `not_found`, also for a run of another tenant. */
export function ownRun(journal: Journal, tenantId: string, runId: string): RunRecord {
  const run = journal.run(runId);
  if (run === null || run.tenantId !== tenantId) throw notFound('run', runId);
  return run;
}

export function readRun(deps: RunDependencies, tenantId: string, runId: string): RunStanding {
  const run = ownRun(deps.journal, tenantId, runId);
  const agent = deps.agents.get(run.agent) ?? withoutReducers(run.agent);
  const { state, step } = locate(agent, run, deps.journal.steps(runId));
  const waiting = deps.journal
    .interrupts(runId, step)
    .filter((interrupt) => interrupt.runId === runId && interrupt.status === 'pending')
    .map(({ id }) => id);
  return { run, step: step - 1, state, waiting };
}

/** Ends a run wherever it is. An effect in flight may still happen; one that has ended stays as it is. */
export function cancelRun(deps: RunDependencies, tenantId: string, runId: string): RunStanding {
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

export interface HistoryEntry {
  readonly step: StepRecord;
  readonly state: State;
  readonly effects: readonly EffectRecord[];
  readonly answer: Answer | null;
}

/** One entry a step, in order; the shared steps of a fork first. */
export function readHistory(deps: RunDependencies, tenantId: string, runId: string): readonly HistoryEntry[] {
  const run = ownRun(deps.journal, tenantId, runId);
  const agent = deps.agents.get(run.agent) ?? withoutReducers(run.agent);
  const effects = deps.journal.effects(runId, 1);
  const interrupts = deps.journal.interrupts(runId, 1);
  let state = run.input;
  return deps.journal.steps(runId).map((step) => {
    state = fold(agent, state, [step]);
    const here = (record: { readonly runId: string; readonly step: number }) =>
      record.runId === step.runId && record.step === step.step;
    return {
      step,
      state,
      effects: effects.filter(here),
      answer: interrupts.filter(here).findLast(({ answer }) => answer !== null)?.answer ?? null,
    };
  });
}

/** An agent that is gone leaves its journals readable; lists that it appended to read as last written. */
const withoutReducers = (name: string): Agent => ({
  name,
  title: name,
  description: '',
  inputSchema: {},
  start: '',
  nodes: {},
  output: () => null,
});
