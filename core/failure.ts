/**
 * The one type of expected errors, told apart by `code`. A bug throws whatever it throws; what a caller or an upstream
 * can cause is a `Failure`. Each edge maps the code exactly once: `workers/http/errors.ts` to a
 * status and a body, `workers/queues/settlement.ts` to retry or dead letter.
 */
export const failureCodes = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'payload_too_large',
  'unsupported_media_type',
  'unprocessable',
  'budget_exceeded',
  'rate_limit_exceeded',
  /** The upstream rejects this request: the caller has to change it. */
  'upstream_refused',
  'upstream_failed',
  'upstream_unavailable',
  'upstream_timeout',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export interface FailureDetails {
  /** The field at fault, as a path in the request: `tools[0].vector_store_ids`. */
  readonly param?: string;
  /** A machine-readable reason finer than the code, shown as `error.code`: `schema_not_supported`. */
  readonly reason?: string;
  /** Seconds after which trying again makes sense (429, 503). */
  readonly retryAfter?: number;
  /** Whether waiting, however long, cannot help. */
  readonly lasting?: boolean;
  /** The id that a failing upstream gave to the call. */
  readonly upstreamRequestId?: string;
  /** Members that the edge adds to a problem document, such as the `winner` of a 409. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** Whether a model or another service failed us, so that answering without it may help. */
  get isUpstream(): boolean {
    return this.code.startsWith('upstream_');
  }

  /** Whether the same work may succeed later without anybody changing it. */
  get retryable(): boolean {
    return (
      this.code === 'rate_limit_exceeded' ||
      this.code === 'upstream_failed' ||
      this.code === 'upstream_unavailable' ||
      this.code === 'upstream_timeout'
    );
  }
}

export const invalid = (param: string, message: string): Failure =>
  new Failure('invalid_request', message, { param });

/** The same words whether a thing never was or belongs to another tenant, so that neither can be told. */
export const notFound = (noun: string, id: string, param?: string): Failure =>
  new Failure('not_found', `No ${noun} with the id '${id}'.`, param === undefined ? {} : { param });
