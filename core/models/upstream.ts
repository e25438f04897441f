import { AISDKError, APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import {
  ExponentialBackoff,
  handleWhen,
  isTaskCancelledError,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { Failure } from '../failure.ts';

/** Tries after the first; with 200 ms doubled and jittered, a call gives up after about 1.5 s of waiting. */
const RETRIES = 2;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2_000;

const isRetryable = (error: unknown): boolean => APICallError.isInstance(error) && error.isRetryable;

/**
 * Calls a model with retries and backoff. A stream is retried only until it has begun.
 * @param limit Milliseconds for one try; its signal aborts when they are over.
 * @throws Failure `upstream_unavailable`, `upstream_timeout` or `upstream_failed`.
 */
export async function callUpstream<T>(
  model: string,
  limit: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const again = retry(handleWhen(isRetryable), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: FIRST_WAIT, maxDelay: LONGEST_WAIT }),
  });
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
  if (isTaskCancelledError(error)) {
    return new Failure('upstream_timeout', `The model '${model}' did not answer in time.`, { cause: error });
  }
  if (!APICallError.isInstance(error)) return unreadable(model, error);
  const { statusCode } = error;
  const details = { ...requestIdOf(error), cause: error };
  if (statusCode === 408 || statusCode === 504) {
    return new Failure('upstream_timeout', `The model '${model}' did not answer in time.`, details);
  }
  // Without a status nobody answered: a refused or lost connection.
  if (statusCode === 429 || statusCode === 503 || (statusCode === undefined && error.isRetryable)) {
    return new Failure('upstream_unavailable', `The model '${model}' is not available now.`, {
      ...details,
      retryAfter: retryAfter(error),
    });
  }
  if (isMissing(error)) {
    return new Failure('upstream_failed', `There is no model '${model}' to be had.`, {
      ...details,
      reason: 'model_missing',
    });
  }
  // A provider's words about a refused key may hold part of the key: they stay in `cause`.
  const said = statusCode === 401 || statusCode === 403 ? 'its key was refused' : error.message;
  return new Failure('upstream_failed', `The model '${model}' failed: ${said}`, details);
}

/** The AI SDK's other errors say that an answer is not what it should be; but one of them, that we ask wrongly. */
const unreadable = (model: string, error: unknown): unknown =>
  AISDKError.isInstance(error) && !UnsupportedFunctionalityError.isInstance(error)
    ? new Failure('upstream_failed', `The answer of the model '${model}' cannot be read.`, { cause: error })
    : error;

/** 404 of OpenAI’s API and its kin; code 5007 of Workers AI, which comes as a 400. */
const isMissing = (error: APICallError): boolean =>
  error.statusCode === 404 || /\b5007\b/.test(error.message);

function requestIdOf(error: APICallError): { upstreamRequestId?: string } {
  const headers = error.responseHeaders ?? {};
  const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['cf-ray'];
  return id === undefined ? {} : { upstreamRequestId: id };
}

/** Seconds; upstreams that do not say are asked again after 5. */
function retryAfter(error: APICallError): number {
  const seconds = Number(error.responseHeaders?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 5;
}
