import type { Clock } from '../clock.ts';
import { errorMessage } from '../error-message.ts';
import { Failure } from '../failure.ts';
import type { RunId } from '../identifier.ts';
import { changed, type Journal, type RunError, type RunRecord } from './journal.ts';

/**
 * The attempts of a run to get on, and how it ends without a result.
 *
 *  AGT-13 An attempt is counted when it begins, so one that ends the process counts too. Progress sets the count
 *         back; without it the run fails after `MAX_ATTEMPTS`, with growing pauses between them.
 */
interface AttemptDependencies {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** With `backoff` below: given up after about eight minutes without progress. */
export const MAX_ATTEMPTS = 10;

/** Milliseconds to wait after the n-th failed attempt: 1 s, 2 s, 4 s … at most five minutes. */
export const backoff = (attempts: number): number => Math.min(1_000 * 2 ** (attempts - 1), 300_000);

/**
 * Writes the attempt down before it can do harm (AGT-13). Should the process die in it, the run is tried again when its
 * pause is over. The attempt after the last sends nothing: a `once` effect that is in doubt is then left to a person,
 * because a run does not fail over an effect that may have happened. One that dies even there has failed.
 */
export function beginAttempt(deps: AttemptDependencies, runId: RunId): RunRecord | null {
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
  deps: AttemptDependencies,
  runId: RunId,
  error: unknown,
  most: number = MAX_ATTEMPTS,
): void {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return;
  const at = deps.clock();
  const nextAt = at + backoff(run.attempts);
  const failed = { ...run, wakeAt: nextAt, lastFailure: { error: toRunError(error), at, nextAt } };
  if (run.attempts >= most) giveUp(deps, failed);
  else deps.journal.commit([{ kind: 'run', run: failed }]);
}

/** As `postpone`, for a drive that did not come as far as its attempt: that counts as one too. */
export function postponeUnbegun(deps: AttemptDependencies, runId: RunId, error: unknown): void {
  const run = deps.journal.run(runId);
  if (run === null || run.status !== 'running') return;
  deps.journal.commit([{ kind: 'run', run: { ...run, attempts: run.attempts + 1 } }]);
  postpone(deps, runId, error);
}

export function giveUp(deps: AttemptDependencies, run: RunRecord): void {
  const reason =
    run.lastFailure?.error.message ?? 'the last one did not end; it may have exceeded memory or CPU time.';
  const attempts = Math.min(run.attempts, MAX_ATTEMPTS);
  endRun(deps, run, 'failed', {
    code: 'attempts_exhausted',
    message: `Gave up after ${attempts} attempts without progress: ${reason}`,
  });
}

export const toRunError = (error: unknown): RunError =>
  error instanceof Failure
    ? { code: error.code, message: error.message }
    : { code: 'unexpected', message: errorMessage(error) };

/** The run as it stands after progress: what comes next is begun by the attempt that is under way. */
export const afterProgress = (run: RunRecord): RunRecord => ({ ...run, attempts: 1, lastFailure: null });
/** Whether its record already says so. */
export const isFresh = (run: RunRecord): boolean => run.attempts <= 1 && run.lastFailure == null;

export function endRun(
  deps: AttemptDependencies,
  run: RunRecord,
  status: 'failed' | 'stranded',
  error: RunError,
): void {
  deps.journal.commit([changed(run, { status, error, attempts: 0, wakeAt: deps.clock() })]);
}
