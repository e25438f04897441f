import type { OpenAiError, Problem } from '../../contract/errors.ts';
import { errorReport } from '../../core/error-message.ts';
import { Failure, type FailureCode } from '../../core/failure.ts';
import type { Context } from './context.ts';
import { failureStatuses } from './error-codes.ts';

const openAiTypes: Readonly<Record<FailureCode, string>> = {
  invalid_request: 'invalid_request_error',
  unauthenticated: 'authentication_error',
  forbidden: 'permission_error',
  not_found: 'invalid_request_error',
  conflict: 'invalid_request_error',
  payload_too_large: 'invalid_request_error',
  unsupported_media_type: 'invalid_request_error',
  unprocessable: 'invalid_request_error',
  budget_exceeded: 'insufficient_quota',
  rate_limit_exceeded: 'rate_limit_error',
  upstream_refused: 'invalid_request_error',
  upstream_failed: 'api_error',
  upstream_unavailable: 'api_error',
  upstream_timeout: 'api_error',
};

const openAiCodes: Partial<Record<FailureCode, string>> = {
  unauthenticated: 'invalid_api_key',
  invalid_request: 'invalid_value',
};

/** What every uncaught error becomes: a bug says only that there was one, and where to look for it. */
export function asFailure(error: unknown): Failure | null {
  return error instanceof Failure ? error : null;
}

/** The `error` member of OpenAI's envelope, also used inside streams (`response.failed`, error events). */
export function openAiError(failure: Failure): OpenAiError['error'] {
  return {
    message: failure.message,
    type: openAiTypes[failure.code],
    param: failure.details.param ?? null,
    code: failure.details.reason ?? openAiCodes[failure.code] ?? failure.code,
  };
}

/** `type` is an address of this service, where the code is explained. */
const problemType = (c: Context, code: string): string => `${new URL(c.req.url).origin}/docs/errors#${code}`;

function problemOf(failure: Failure, c: Context): Problem {
  const code = failure.details.reason ?? failure.code;
  return {
    type: problemType(c, code),
    title: failure.code.replaceAll('_', ' '),
    status: failureStatuses[failure.code],
    detail: failure.message,
    code,
    ...(failure.details.param === undefined ? {} : { param: failure.details.param }),
    ...failure.details.members,
    request_id: c.get('requestId'),
  };
}

/** All that a caller reads of a bug. */
export const internalMessage = (requestId: string): string =>
  `Something went wrong on our side. Quote the request id ${requestId} when you report it.`;

/** Answers in the dialect of the route: OpenAI's envelope under `/v1`, RFC 9457 elsewhere. */
export function answerError(error: unknown, c: Context): Response {
  const failure = asFailure(error);
  const status = failure === null ? 500 : failureStatuses[failure.code];
  const requestId = c.get('requestId');
  if (failure === null) console.error(JSON.stringify({ requestId, error: describe(error) }));
  if (failure?.details.retryAfter !== undefined) {
    c.header('retry-after', String(Math.max(1, Math.ceil(failure.details.retryAfter))));
  }
  if (failure?.details.upstreamRequestId !== undefined) {
    c.header('x-upstream-request-id', failure.details.upstreamRequestId);
  }
  if (c.req.path.startsWith('/v1/')) {
    const body =
      failure === null
        ? { message: internalMessage(requestId), type: 'api_error', param: null, code: 'internal_error' }
        : openAiError(failure);
    return c.json({ error: body }, status);
  }
  const body: Problem =
    failure === null
      ? {
          type: problemType(c, 'internal_error'),
          title: 'internal error',
          status,
          detail: internalMessage(requestId),
          code: 'internal_error',
          request_id: requestId,
        }
      : problemOf(failure, c);
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

/** For the operator's log only: the stack stays here and never reaches a body. */
const describe = errorReport;
