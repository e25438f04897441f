import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Failure, type FailureCode } from '../../core/failure.ts';
import type { Context } from './context.ts';

/** The one place where a failure becomes a status. */
const statuses: Readonly<Record<FailureCode, ContentfulStatusCode>> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  budget_exceeded: 429,
  rate_limit_exceeded: 429,
  upstream_refused: 400,
  upstream_failed: 502,
  upstream_unavailable: 503,
  upstream_timeout: 504,
};

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
export function openAiError(failure: Failure): {
  message: string;
  type: string;
  param: string | null;
  code: string;
} {
  return {
    message: failure.message,
    type: openAiTypes[failure.code],
    param: failure.details.param ?? null,
    code: failure.details.reason ?? openAiCodes[failure.code] ?? failure.code,
  };
}

function problem(failure: Failure, status: number, requestId: string): Record<string, unknown> {
  return {
    type: `https://selvedge.dev/problems/${failure.details.reason ?? failure.code}`,
    title: failure.code.replaceAll('_', ' '),
    status,
    detail: failure.message,
    code: failure.details.reason ?? failure.code,
    ...(failure.details.param === undefined ? {} : { param: failure.details.param }),
    ...failure.details.members,
    request_id: requestId,
  };
}

const internal = (requestId: string) => ({
  message: `Something went wrong on our side. Quote the request id ${requestId} when you report it.`,
});

/** Answers in the dialect of the route: OpenAI's envelope under `/v1`, RFC 9457 elsewhere. */
export function answerError(error: unknown, c: Context): Response {
  const failure = asFailure(error);
  const status = failure === null ? 500 : statuses[failure.code];
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
        ? { ...internal(requestId), type: 'api_error', param: null, code: 'internal_error' }
        : openAiError(failure);
    return c.json({ error: body }, status);
  }
  const body =
    failure === null
      ? {
          type: 'about:blank',
          title: 'internal error',
          status,
          detail: internal(requestId).message,
          request_id: requestId,
        }
      : problem(failure, status, requestId);
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

/** For the operator's log only: the stack stays here and never reaches a body. */
const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
