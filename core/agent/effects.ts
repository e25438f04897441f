import type { Afford } from '../access/meter.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Span } from '../telemetry/trace.ts';
import { afterProgress, isFresh, MAX_ATTEMPTS, postpone, toRunError } from './attempts.ts';
import type { Position } from './decide.ts';
import type { Call } from './graph.ts';
import type { Change, EffectRecord, Journal, RunError, RunRecord } from './journal.ts';
import { checkSize, freezeJson, type Json, MAX_RESULT_BYTES } from './json.ts';
import { pauseRun } from './pause.ts';
import type { Records } from './records.ts';
import {
  DEFAULT_TIMEOUT_MS,
  effectKey,
  MAX_TIMEOUT_MS,
  type ToolContext,
  type Verification,
} from './tool.ts';

/**
 * What a run does outside of itself: sends an effect, and finds out about one that is in doubt.
 *
 *  AGT-12 A `once` call is journaled before it is sent, any other only when its outcome is known: a crash
 *         sends at most the one call in flight again, under the same key.
 *  AGT-15 Each tool has a time limit of its own; a call that exceeds it has an unknown outcome.
 */
export interface EffectDependencies {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly span: Span;
  readonly records: Records;
  /** What the run's key lets its tools spend. */
  readonly afford: Afford;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** Progress (AGT-13) that leaves the run where it is. Written also for a cancelled run: what happened, happened. */
export function commitEffect(deps: EffectDependencies, run: RunRecord, effect: EffectRecord): void {
  const changes: Change[] = [{ kind: 'effect', effect }];
  const now = deps.journal.run(run.id);
  if (now?.status === 'running' && !isFresh(now)) changes.push({ kind: 'run', run: afterProgress(now) });
  deps.journal.commit(changes);
  deps.records.add(effect);
}

export const placeOf = (run: RunRecord, position: Position, call: Call) => ({
  runId: run.id,
  step: position.step,
  node: position.node ?? '',
  name: call.name,
});

export const proposedEffect = (run: RunRecord, position: Position, call: Call, at: number): EffectRecord => {
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
export async function sendEffect(
  deps: EffectDependencies,
  run: RunRecord,
  position: Position,
  { call, args, attempt }: { readonly call: Call; readonly args: Json; readonly attempt: number },
): Promise<boolean> {
  const begun = deps.clock();
  const effect = { ...proposedEffect(run, position, call, begun), args, attempts: attempt };
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
    const result = await runTool(deps, run, call, effect, (context) =>
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
    const result = freezeJson(JSON.parse(JSON.stringify(given) ?? 'null') as Json, `${name}.result`);
    checkSize(result, `${name}.result`, MAX_RESULT_BYTES);
    return { result };
  } catch (error) {
    const message = `'${name}' happened, but its result cannot be journaled: ${toRunError(error).message}`;
    return { state: 'failed', error: { code: 'unprocessable', message } };
  }
}

/** False when the run has to be left for later. */
export async function resolveDoubt(
  deps: EffectDependencies,
  run: RunRecord,
  position: Position,
  { call, effect }: { readonly call: Call; readonly effect: EffectRecord },
): Promise<boolean> {
  let verification: Verification<Json> = { kind: 'unknown' };
  if (call.tool.verify !== undefined && run.attempts <= MAX_ATTEMPTS) {
    try {
      verification = await runTool(
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
      return await sendEffect(deps, now, position, { call, args: effect.args, attempt: effect.attempts + 1 });
    }
    case 'unknown': {
      const { args, key, attempts: attempt } = effect;
      await pauseRun(deps, run, position, call, { kind: 'uncertain', args, key, attempt });
      return false;
    }
  }
}

/** One span and one time limit a sending. */
async function runTool<T>(
  deps: EffectDependencies,
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
