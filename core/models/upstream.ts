import { AISDKError, APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import {
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  isTaskCancelledError,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { Failure } from '../failure.ts';
import { readRefusal, type UpstreamRefusal } from './upstream-refusal.ts';

/**
 * One call of a model: its retries, and what its errors are to our callers.
 *
 *  MOD-1 What the upstream refuses stays the caller's error: 400, 404, 413 and 422 are `upstream_refused` (a 400 at the
 *     edge) with the upstream's code, param and message, so that a client can act on `context_length_exceeded` and
 *     no SDK repeats a call that cannot succeed.
 *  MOD-2 A call is repeated only where time may help: after 429, 5xx and lost connections, never after a refusal,
 *     a used-up quota or a time limit; and never sooner than the upstream's `retry-after` asks for.
 *  MOD-3 What an upstream writes about its own failure (5xx, a refused key) is never passed on: it may hold paths,
 *     hosts or keys.
 */

/** Tries after the first; with 200 ms doubled and jittered, a call ends after about 1.5 s of waiting. */
const RETRIES = 2;
const FIRST_WAIT = 200;
/** Milliseconds. An upstream that asks for a longer pause is not asked again by us: the caller is told how long. */
const LONGEST_WAIT = 2_000;

/** Seconds that we tell a caller to wait where the upstream does not say. */
const DEFAULT_RETRY_AFTER = 5;
/** Seconds: no upstream can send our callers away for longer. */
const LONGEST_RETRY_AFTER = 3_600;

/** Workers AI's codes (developers.cloudflare.com/workers-ai/platform/errors) that mean more than their status. */
const NO_SUCH_MODEL = 5007;
const JSON_NOT_MET = 5024;
const CONTEXT_TOO_LONG = 5021;

function isRetryable(error: unknown): boolean {
  if (!APICallError.isInstance(error) || !error.isRetryable) return false;
  const { statusCode } = error;
  if (statusCode === 408 || statusCode === 504 || statusCode === 501 || statusCode === 505) return false;
  if (readRefusal(error).code === 'insufficient_quota') return false;
  return (askedWait(error) ?? 0) * 1_000 <= LONGEST_WAIT;
}

/**
 * Calls a model with retries and backoff. A stream is retried only until it has begun.
 * @param limit Milliseconds for one try; its signal aborts when they are over.
 * @throws Failure `upstream_refused`, `upstream_unavailable`, `upstream_timeout` or `upstream_failed`.
 */
export async function callUpstream<T>(
  model: string,
  limit: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let asked = 0;
  const backoff = new DelegateBackoff<IRetryBackoffContext<unknown>>(({ attempt }) => {
    const doubled = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
    return Math.max(asked, doubled * (0.5 + Math.random() / 2));
  });
  const again = retry(
    handleWhen((error) => {
      asked = APICallError.isInstance(error) ? (askedWait(error) ?? 0) * 1_000 : 0;
      return isRetryable(error);
    }),
    { maxAttempts: RETRIES, backoff },
  );
  // What the call answers with may be a stream, which goes on after it.
  const patience = timeout(limit, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  try {
    return await wrap(again, patience).execute(({ signal }) => call(signal));
  } catch (error) {
    throw upstreamFailure(model, error);
  }
}

/** What an error of a model call is to our callers. Bugs pass through as they are. */
export function upstreamFailure(model: string, error: unknown): unknown {
  if (isTaskCancelledError(error)) return timedOut(model, { cause: error });
  if (!APICallError.isInstance(error)) return unreadable(model, error);
  const { statusCode } = error;
  const details = { ...requestIdOf(error), cause: error };
  if (statusCode === 408 || statusCode === 504) return timedOut(model, details);
  const said = readRefusal(error);
  if (statusCode === 404 || said.workersAiCode === NO_SUCH_MODEL) {
    return new Failure('upstream_refused', `The provider does not offer the model '${model}'.`, {
      ...details,
      param: 'model',
      reason: 'model_missing',
    });
  }
  if (said.workersAiCode === JSON_NOT_MET) {
    return new Failure('unprocessable', `The model '${model}' did not return JSON that matches the schema.`, {
      ...details,
      reason: 'schema_not_satisfied',
    });
  }
  // Without a status nobody answered: a refused or lost connection.
  if (isOverloaded(statusCode) || (statusCode === undefined && error.isRetryable)) {
    return new Failure('upstream_unavailable', `The model '${model}' is not available now.`, {
      ...details,
      retryAfter: Math.min(LONGEST_RETRY_AFTER, Math.max(1, askedWait(error) ?? DEFAULT_RETRY_AFTER)),
    });
  }
  if (isRefused(statusCode) || said.workersAiCode === CONTEXT_TOO_LONG) {
    return new Failure('upstream_refused', refusalText(model, said), {
      ...details,
      reason:
        said.code ??
        (said.workersAiCode === CONTEXT_TOO_LONG ? 'context_length_exceeded' : 'upstream_refused'),
      ...(said.param === null ? {} : { param: said.param }),
    });
  }
  if (statusCode === 401 || statusCode === 403) {
    return new Failure('upstream_failed', `The model '${model}' failed: its key was refused.`, details);
  }
  const status = statusCode === undefined ? '' : ` (HTTP ${statusCode})`;
  return new Failure('upstream_failed', `The model '${model}' failed${status}.`, details);
}

const refusalText = (model: string, { message }: UpstreamRefusal): string =>
  message === '' ? `The model '${model}' refused the request.` : `The model '${model}' refused: ${message}`;

const timedOut = (model: string, details: { readonly cause: unknown }): Failure =>
  new Failure('upstream_timeout', `The model '${model}' did not answer in time.`, details);

/** 529 is Anthropic's "overloaded". */
const isOverloaded = (status: number | undefined): boolean =>
  status === 429 || status === 503 || status === 529;

/** The statuses that say that the request as it stands cannot be served. 404 has a text of its own. */
const isRefused = (status: number | undefined): boolean =>
  status === 400 || status === 413 || status === 415 || status === 422;

/** The AI SDK's other errors say that an answer is not what it should be; but one of them, that we ask wrongly. */
const unreadable = (model: string, error: unknown): unknown =>
  AISDKError.isInstance(error) && !UnsupportedFunctionalityError.isInstance(error)
    ? new Failure('upstream_failed', `The answer of the model '${model}' cannot be read.`, { cause: error })
    : error;

function requestIdOf(error: APICallError): { upstreamRequestId?: string } {
  const headers = error.responseHeaders ?? {};
  const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['cf-ray'];
  return id === undefined ? {} : { upstreamRequestId: id };
}

/** Seconds that the upstream asks us to wait, as a number or as an HTTP date (RFC 9110, 10.2.3); null if it does not. */
function askedWait(error: APICallError): number | null {
  const said = error.responseHeaders?.['retry-after']?.trim();
  if (said === undefined || said === '') return null;
  const seconds = /^\d+(?:\.\d+)?$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1_000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null;
}
