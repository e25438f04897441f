import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Span } from '../telemetry/trace.ts';
import { type Decision, decide, locate, type Position, type View, type Why } from './decide.ts';
import type { Agent, Call, Request } from './graph.ts';
import { raise } from './interrupt.ts';
import {
  type Change,
  changed,
  type EffectRecord,
  type Journal,
  type RunError,
  type RunRecord,
} from './journal.ts';
import type { Json } from './json.ts';
import { effectKey, type ToolContext, type Verification } from './tool.ts';

/**
 * Drives one run until it ends, waits for a person, or has to be tried again later.
 *
 * Boundary. `decide` says what is next; this file does it and journals what came of it. The caller is an alarm
 * and makes sure that one run is driven by one caller at a time.
 *
 * Invariants
 *  A1 Whatever is awaited, the run is read again afterwards: a run that was cancelled meanwhile gets no step.
 *  A2 A `once` call is journaled before it is sent, any other only when its outcome is known: a crash
 *     sends at most the one call in flight again, under the same key.
 *  A3 An attempt that fails without progress is counted; progress sets the count back.
 */
export interface AdvanceDependencies {
  readonly journal: Journal;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly clock: Clock;
  readonly span: Span;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A tool that has not answered by then has an unknown outcome. */
const TOOL_TIMEOUT_MS = 30_000;

/** With `backoff` below: given up after about eight minutes without progress. */
export const MAX_ATTEMPTS = 10;

/** Milliseconds to wait after the n-th failed attempt: 1 s, 2 s, 4 s … at most five minutes. */
export const backoff = (attempts: number): number => Math.min(1_000 * 2 ** (attempts - 1), 300_000);

export async function advance(deps: AdvanceDependencies, runId: string): Promise<void> {
  const { journal } = deps;
  const begun = journal.run(runId);
  if (begun === null || begun.status !== 'running') return;
  const agent = deps.agents.get(begun.agent);
  if (agent === undefined) {
    return end(deps, begun, 'stranded', {
      code: 'agent_missing',
      message: `There is no agent '${begun.agent}' any more.`,
    });
  }
  let position = locate(agent, begun, journal.steps(runId));
  for (;;) {
    const run = journal.run(runId);
    if (run === null || run.status !== 'running') return;
    const decision = decide(agent, viewOf(journal, run, position));
    switch (decision.kind) {
      case 'step':
        commitStep(deps, agent, run, position, decision);
        if (decision.next === null) return;
        position = { state: decision.state, node: decision.next, step: position.step + 1 };
        break;
      case 'send':
        if (!(await send(deps, run, position, decision))) return;
        break;
      case 'verify':
        if (!(await settleDoubt(deps, run, position, decision))) return;
        break;
      case 'reuse':
        commitEffect(deps, run, {
          ...decision.record,
          ...placeOf(run, position, decision.call),
          reused: true,
          at: deps.clock(),
        });
        break;
      case 'settle':
        commitEffect(deps, run, { ...decision.effect, at: deps.clock() });
        break;
      case 'ask':
        return await pause(deps, run, position, decision.request, decision.why);
      case 'wait':
        return commitRun(deps, run, { status: 'interrupted', wakeAt: deps.clock() });
      case 'fail':
        return end(deps, run, 'failed', decision.error);
      case 'strand':
        return end(deps, run, 'stranded', decision.error);
    }
  }
}

/** An attempt went wrong without anybody's verdict: wait and try again, or give up (A3). */
export function postpone(
  deps: Pick<AdvanceDependencies, 'journal' | 'clock'>,
  runId: string,
  error: unknown,
): void {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return;
  const attempts = run.attempts + 1;
  if (attempts < MAX_ATTEMPTS) {
    const wakeAt = deps.clock() + backoff(attempts);
    deps.journal.commit([{ kind: 'run', run: { ...run, attempts, wakeAt } }]);
    return;
  }
  const said = error instanceof Error ? error.message : String(error);
  end(deps, run, 'failed', {
    code: 'attempts_exhausted',
    message: `Gave up after ${attempts} attempts without progress: ${said}`,
  });
}

/** Read when looked at: a node that wants nothing of the world costs no query. */
function viewOf(journal: Journal, run: RunRecord, position: Position): View {
  const here = (record: { readonly runId: string; readonly step: number }) =>
    record.runId === run.id && record.step === position.step;
  return {
    run,
    position,
    get effects() {
      return journal.effects(run.id, position.step).filter(here);
    },
    get interrupts() {
      return journal.interrupts(run.id, position.step).filter(here);
    },
    get recorded() {
      return recordedBy(journal, run);
    },
  };
}

/** An effect that a fork took over is not taken over again: a loop needs a record for every turn. */
function recordedBy(journal: Journal, run: RunRecord): View['recorded'] {
  const { origin } = run;
  if (origin === null || origin.records === 'rerun') return { effects: [], interrupts: [] };
  const taken = journal
    .effects(run.id, origin.step + 1)
    .filter((effect) => effect.runId === run.id && effect.reused)
    .map((effect) => effect.key);
  return {
    effects: journal.effects(origin.runId, origin.step + 1).filter(({ key }) => !taken.includes(key)),
    interrupts: journal.interrupts(origin.runId, origin.step + 1),
  };
}

function commitStep(
  deps: AdvanceDependencies,
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
    const output = agent.output(state);
    changes.push(changed(run, { status: 'completed', output, attempts: 0, wakeAt: at }));
  } else if (run.attempts > 0) {
    changes.push({ kind: 'run', run: { ...run, attempts: 0 } });
  }
  deps.journal.commit(changes);
  span.end();
}

const commitRun = (
  deps: Pick<AdvanceDependencies, 'journal'>,
  run: RunRecord,
  change: Partial<RunRecord>,
): void => deps.journal.commit([changed(run, change)]);

function end(
  deps: Pick<AdvanceDependencies, 'journal' | 'clock'>,
  run: RunRecord,
  status: 'failed' | 'stranded',
  error: RunError,
): void {
  commitRun(deps, run, { status, error, wakeAt: deps.clock() });
}

/** Progress (A3) that leaves the run where it is. Written also for a cancelled run: what happened, happened. */
function commitEffect(deps: AdvanceDependencies, run: RunRecord, effect: EffectRecord): void {
  const changes: Change[] = [{ kind: 'effect', effect }];
  const now = deps.journal.run(run.id);
  if (now !== null && now.attempts > 0) changes.push({ kind: 'run', run: { ...now, attempts: 0 } });
  deps.journal.commit(changes);
}

const placeOf = (run: RunRecord, position: Position, call: Call) => ({
  runId: run.id,
  step: position.step,
  node: position.node ?? '',
  name: call.name,
});

/** False when the run has to be left for later. */
async function send(
  deps: AdvanceDependencies,
  run: RunRecord,
  position: Position,
  { call, args, attempt }: { readonly call: Call; readonly args: Json; readonly attempt: number },
): Promise<boolean> {
  const place = placeOf(run, position, call);
  const effect: EffectRecord = {
    ...place,
    key: effectKey(run.id, place.step, place.node, place.name),
    tool: call.tool.name,
    proposed: call.args,
    args,
    state: 'started',
    attempts: attempt,
    result: null,
    error: null,
    reused: false,
    at: deps.clock(),
  };
  const once = call.tool.repeatability === 'once';
  if (once) deps.journal.commit([{ kind: 'effect', effect }]);
  try {
    const result = await perform(deps, run, call, effect, (context) => call.tool.run(args, context));
    commitEffect(deps, run, { ...effect, state: 'done', result, at: deps.clock() });
    return true;
  } catch (error) {
    if (error instanceof Failure && !error.retryable) {
      const said = { code: error.code, message: error.message };
      commitEffect(deps, run, { ...effect, state: 'failed', error: said, at: deps.clock() });
      return true;
    }
    // In doubt: the next decision is to verify. Anything repeatable is tried again under the same key.
    if (once) return true;
    postpone(deps, run.id, error);
    return false;
  }
}

async function settleDoubt(
  deps: AdvanceDependencies,
  run: RunRecord,
  position: Position,
  { call, effect }: { readonly call: Call; readonly effect: EffectRecord },
): Promise<boolean> {
  let verification: Verification<Json> = { kind: 'unknown' };
  if (call.tool.verify !== undefined) {
    try {
      verification = await perform(
        deps,
        run,
        call,
        effect,
        async (context) => (await call.tool.verify?.(effect.args, context)) ?? { kind: 'unknown' },
      );
    } catch (error) {
      // A run does not fail over an effect that may have happened: in the end a person is asked.
      if (run.attempts + 1 < MAX_ATTEMPTS) {
        postpone(deps, run.id, error);
        return false;
      }
    }
  }
  switch (verification.kind) {
    case 'done':
      commitEffect(deps, run, { ...effect, state: 'done', result: verification.result, at: deps.clock() });
      return true;
    case 'not-done': {
      const now = deps.journal.run(run.id);
      if (now?.status !== 'running') return false;
      return await send(deps, now, position, { call, args: effect.args, attempt: effect.attempts + 1 });
    }
    case 'unknown': {
      const { args, key, attempts: attempt } = effect;
      await pause(deps, run, position, call, { kind: 'uncertain', args, key, attempt });
      return false;
    }
  }
}

/** One span and one time limit a sending. */
async function perform<T>(
  deps: AdvanceDependencies,
  run: RunRecord,
  call: Call,
  effect: EffectRecord,
  work: (context: ToolContext) => Promise<T>,
): Promise<T> {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.tool.name,
    'selvedge.effect.key': effect.key,
    'selvedge.effect.attempt': effect.attempts,
  };
  const late = new AbortController();
  const tooLate = new Failure('upstream_timeout', `'${call.name}' did not answer in ${TOOL_TIMEOUT_MS} ms.`);
  const timer = setTimeout(() => late.abort(tooLate), TOOL_TIMEOUT_MS);
  const signal = AbortSignal.any([deps.signal, late.signal]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await deps.span.within(`tool ${call.tool.name}`, attributes, (span) =>
      Promise.race([work({ tenantId: run.tenantId, key: effect.key, signal, span }), aborted]),
    );
  } finally {
    clearTimeout(timer);
  }
}

async function pause(
  deps: AdvanceDependencies,
  run: RunRecord,
  position: Position,
  request: Request,
  why: Why,
): Promise<void> {
  const interrupt = await raise(deps, run, position, request, why);
  const now = deps.journal.run(run.id);
  if (now?.status !== 'running') return;
  deps.journal.commit([
    { kind: 'interrupt', interrupt },
    changed(now, { status: 'interrupted', attempts: 0, wakeAt: deps.clock() }),
  ]);
}
