import type { Afford } from '../access/meter.ts';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../error-message.ts';
import { Failure } from '../failure.ts';
import type { RunId } from '../identifier.ts';
import type { Span } from '../telemetry/trace.ts';
import { type Decision, decide, locate, type Position, type Why } from './decide.ts';
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
import { checkSize, frozen, type Json, MAX_RESULT_BYTES } from './json.ts';
import { Records } from './records.ts';
import {
  DEFAULT_TIMEOUT_MS,
  effectKey,
  MAX_TIMEOUT_MS,
  type ToolContext,
  type Verification,
} from './tool.ts';

/**
 * Drives one run until it ends, waits for a person, or has to be tried again later.
 *
 * Boundary. `decide` says what is next; this file does it and journals what came of it. The caller is an alarm
 * and makes sure that one run is driven by one caller at a time.
 *
 *  AGT-11 Whatever is awaited, the run is read again afterwards: a run that was cancelled meanwhile gets no step.
 *  AGT-12 A `once` call is journaled before it is sent, any other only when its outcome is known: a crash
 *         sends at most the one call in flight again, under the same key.
 *  AGT-13 An attempt is counted when it begins, so one that ends the process counts too. Progress sets the count
 *         back; without it the run fails after `MAX_ATTEMPTS`, with growing pauses between them.
 *  AGT-14 What a node costs grows with its calls, not with their square.
 *  AGT-15 Each tool has a time limit of its own; a call that exceeds it has an unknown outcome.
 */
export interface AdvanceDependencies {
  readonly journal: Journal;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly clock: Clock;
  readonly span: Span;
  /** What the run's key lets its tools spend. */
  readonly afford: Afford;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** With `backoff` below: given up after about eight minutes without progress. */
export const MAX_ATTEMPTS = 10;

/** Milliseconds to wait after the n-th failed attempt: 1 s, 2 s, 4 s … at most five minutes. */
export const backoff = (attempts: number): number => Math.min(1_000 * 2 ** (attempts - 1), 300_000);

export async function advance(deps: AdvanceDependencies, runId: RunId): Promise<void> {
  const { journal } = deps;
  const begun = begin(deps, runId);
  if (begun === null) return;
  const agent = deps.agents.get(begun.agent);
  if (agent === undefined) {
    return end(deps, begun, 'stranded', {
      code: 'agent_missing',
      message: `This deployment has no agent '${begun.agent}'.`,
    });
  }
  let position = locate(agent, begun, journal.steps(runId));
  const records = new Records(journal, begun, position.step);
  const drive: Drive = { ...deps, records };
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
        if (!(await send(drive, run, position, decision))) return;
        break;
      case 'verify':
        if (!(await settleDoubt(drive, run, position, decision))) return;
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
          ...proposed(run, position, decision.call, deps.clock()),
          state: 'failed',
          error: decision.error,
        });
        break;
      case 'settle':
        commitEffect(drive, run, { ...decision.effect, at: deps.clock() });
        break;
      case 'ask':
        return await pause(drive, run, position, decision.request, decision.why);
      case 'wait':
        return commitRun(drive, run, { status: 'interrupted', attempts: 0, wakeAt: deps.clock() });
      case 'fail':
        return end(drive, run, 'failed', decision.error);
      case 'strand':
        return end(drive, run, 'stranded', decision.error);
    }
  }
}

interface Drive extends AdvanceDependencies {
  readonly records: Records;
}

/**
 * Writes the attempt down before it can do harm (AGT-13). Should the process die in it, the run is tried again when its
 * pause is over. The attempt after the last sends nothing: a `once` effect that is in doubt is then left to a person,
 * because a run does not fail over an effect that may have happened. One that dies even there has failed.
 */
function begin(deps: AdvanceDependencies, runId: RunId): RunRecord | null {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return null;
  if (run.attempts > MAX_ATTEMPTS) {
    giveUp(deps, run);
    return null;
  }
  const attempts = run.attempts + 1;
  const lastFailure = run.lastFailure == null ? null : { ...run.lastFailure, nextAt: null };
  const begun = { ...run, attempts, lastFailure, wakeAt: deps.clock() + backoff(attempts) };
  deps.journal.commit([{ kind: 'run', run: begun }]);
  return begun;
}

/** An attempt went wrong without a verdict: wait and try again, or give up (AGT-13). */
export function postpone(
  deps: Pick<AdvanceDependencies, 'journal' | 'clock'>,
  runId: RunId,
  error: unknown,
  most: number = MAX_ATTEMPTS,
): void {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return;
  const at = deps.clock();
  const nextAt = at + backoff(run.attempts);
  const failed = { ...run, wakeAt: nextAt, lastFailure: { error: errorOf(error), at, nextAt } };
  if (run.attempts >= most) giveUp(deps, failed);
  else deps.journal.commit([{ kind: 'run', run: failed }]);
}

/** As `postpone`, for a drive that did not come as far as its attempt: that counts as one too. */
export function holdBack(
  deps: Pick<AdvanceDependencies, 'journal' | 'clock'>,
  runId: RunId,
  error: unknown,
): void {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return;
  deps.journal.commit([{ kind: 'run', run: { ...run, attempts: run.attempts + 1 } }]);
  postpone(deps, runId, error);
}

function giveUp(deps: Pick<AdvanceDependencies, 'journal' | 'clock'>, run: RunRecord): void {
  const said =
    run.lastFailure?.error.message ?? 'the last one did not end; it may have exceeded memory or CPU time.';
  const attempts = Math.min(run.attempts, MAX_ATTEMPTS);
  end(deps, run, 'failed', {
    code: 'attempts_exhausted',
    message: `Gave up after ${attempts} attempts without progress: ${said}`,
  });
}

const errorOf = (error: unknown): RunError =>
  error instanceof Failure
    ? { code: error.code, message: error.message }
    : { code: 'unexpected', message: errorMessage(error) };

/** Progress: what comes next is begun by the attempt that is under way. */
const progressed = (run: RunRecord): RunRecord => ({ ...run, attempts: 1, lastFailure: null });
const isFresh = (run: RunRecord): boolean => run.attempts <= 1 && run.lastFailure == null;

function commitStep(
  deps: Drive,
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
      const output = frozen(agent.output(state), 'output');
      changes.push(changed(ended, { status: 'completed', output }));
    } catch (error) {
      // A pure function of the state: it would throw the same the next time.
      const message = `The agent's output() failed: ${errorOf(error).message}`;
      changes.push(changed(ended, { status: 'failed', error: { code: 'output_failed', message } }));
    }
  } else if (!isFresh(run)) {
    changes.push({ kind: 'run', run: progressed(run) });
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
  commitRun(deps, run, { status, error, attempts: 0, wakeAt: deps.clock() });
}

/** Progress (AGT-13) that leaves the run where it is. Written also for a cancelled run: what happened, happened. */
function commitEffect(deps: Drive, run: RunRecord, effect: EffectRecord): void {
  const changes: Change[] = [{ kind: 'effect', effect }];
  const now = deps.journal.run(run.id);
  if (now?.status === 'running' && !isFresh(now)) changes.push({ kind: 'run', run: progressed(now) });
  deps.journal.commit(changes);
  deps.records.add(effect);
}

const placeOf = (run: RunRecord, position: Position, call: Call) => ({
  runId: run.id,
  step: position.step,
  node: position.node ?? '',
  name: call.name,
});

const proposed = (run: RunRecord, position: Position, call: Call, at: number): EffectRecord => {
  const place = placeOf(run, position, call);
  return {
    ...place,
    key: effectKey(run.id, place.step, place.node, place.name),
    tool: call.tool.name,
    proposed: call.args,
    args: call.args,
    state: 'started',
    attempts: 0,
    result: null,
    error: null,
    took: null,
    reused: false,
    at,
  };
};

/** False when the run has to be left for later. */
async function send(
  deps: Drive,
  run: RunRecord,
  position: Position,
  { call, args, attempt }: { readonly call: Call; readonly args: Json; readonly attempt: number },
): Promise<boolean> {
  const begun = deps.clock();
  const effect = { ...proposed(run, position, call, begun), args, attempts: attempt };
  const once = call.tool.repeatability === 'once';
  if (once) {
    deps.journal.commit([{ kind: 'effect', effect }]);
    deps.records.add(effect);
  }
  const ended = (change: Partial<EffectRecord>): true => {
    const at = deps.clock();
    commitEffect(deps, run, { ...effect, ...change, took: at - begun, at });
    return true;
  };
  const failed = ({ code, message }: RunError): true => ended({ state: 'failed', error: { code, message } });
  try {
    const result = await perform(deps, run, call, effect, (context) =>
      call.tool.run(structuredClone(args), context),
    );
    return ended({ state: 'done', ...resultOf(call, result) });
  } catch (error) {
    if (error instanceof Failure && !error.retryable) return failed(error);
    if (!once) {
      // It may be repeated, under the same key.
      postpone(deps, run.id, error, Math.min(call.tool.maxAttempts ?? MAX_ATTEMPTS, MAX_ATTEMPTS));
      return false;
    }
    // In doubt: the next decision is to verify. A first doubt is looked into at once, a later one after a pause.
    const now = deps.journal.run(run.id);
    if (attempt === 1 || now === null || now.attempts >= MAX_ATTEMPTS) return true;
    postpone(deps, run.id, error);
    return false;
  }
}

/** An effect that happened stays done, whatever its result is; the node is told of a result that cannot be journaled. */
function resultOf(
  { name }: Call,
  given: Json,
): Pick<EffectRecord, 'result'> | Pick<EffectRecord, 'state' | 'error'> {
  try {
    const result = frozen(JSON.parse(JSON.stringify(given) ?? 'null') as Json, `${name}.result`);
    checkSize(result, `${name}.result`, MAX_RESULT_BYTES);
    return { result };
  } catch (error) {
    const message = `'${name}' happened, but its result cannot be journaled: ${errorOf(error).message}`;
    return { state: 'failed', error: { code: 'unprocessable', message } };
  }
}

/** False when the run has to be left for later. */
async function settleDoubt(
  deps: Drive,
  run: RunRecord,
  position: Position,
  { call, effect }: { readonly call: Call; readonly effect: EffectRecord },
): Promise<boolean> {
  let verification: Verification<Json> = { kind: 'unknown' };
  if (call.tool.verify !== undefined && run.attempts <= MAX_ATTEMPTS) {
    try {
      verification = await perform(
        deps,
        run,
        call,
        effect,
        async (context) =>
          (await call.tool.verify?.(structuredClone(effect.args), context)) ?? { kind: 'unknown' },
      );
    } catch (error) {
      // A run does not fail over an effect that may have happened: in the end a person is asked.
      if (run.attempts < MAX_ATTEMPTS) {
        postpone(deps, run.id, error);
        return false;
      }
    }
  }
  switch (verification.kind) {
    case 'done':
      commitEffect(deps, run, {
        ...effect,
        state: 'done',
        ...resultOf(call, verification.result),
        at: deps.clock(),
      });
      return true;
    case 'not-done': {
      const now = deps.journal.run(run.id);
      if (now?.status !== 'running') return false;
      if (now.attempts >= MAX_ATTEMPTS) {
        const message = `'${call.name}' did not happen in ${effect.attempts} attempts.`;
        const error = { code: 'attempts_exhausted', message };
        commitEffect(deps, run, { ...effect, state: 'failed', error, at: deps.clock() });
        return true;
      }
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
  const limit = Math.min(call.tool.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
  const late = new AbortController();
  const tooLate = new Failure('upstream_timeout', `'${call.name}' did not answer within ${limit} ms.`);
  const timer = setTimeout(() => late.abort(tooLate), limit);
  const signal = AbortSignal.any([deps.signal, late.signal]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await deps.span.within(`tool ${call.tool.name}`, attributes, (span) =>
      Promise.race([
        work({ tenantId: run.tenantId, key: effect.key, signal, span, afford: deps.afford }),
        aborted,
      ]),
    );
  } finally {
    clearTimeout(timer);
  }
}

async function pause(
  deps: Drive,
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
    changed(now, { status: 'interrupted', attempts: 0, lastFailure: null, wakeAt: deps.clock() }),
  ]);
}
