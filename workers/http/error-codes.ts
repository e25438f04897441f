import type { FailureCode } from '../../core/failure.ts';

/** What a code means and what its reader can do; `docs/reference/errors.md` has the same rows, and a test compares. */
export interface ErrorCode {
  readonly status: number;
  readonly means: string;
  readonly remedy: string;
}

/** The one place where a failure becomes a status. Problems name these codes as they are. */
export const failureStatuses = {
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
} as const satisfies Readonly<Record<FailureCode, number>>;

const of = (code: FailureCode, means: string, remedy: string): ErrorCode => ({
  status: failureStatuses[code],
  means,
  remedy,
});

/** Every `code` of an error, in both dialects. */
export const errorCodes: Readonly<Record<string, ErrorCode>> = {
  invalid_request: of(
    'invalid_request',
    'A field or the body is not what the route takes.',
    'Change the field that `param` names. Under `/v1` this code is `invalid_value`.',
  ),
  invalid_value: of(
    'invalid_request',
    'A field or the body is not what the route takes (`/v1`).',
    'Change the field that `param` names.',
  ),
  unauthenticated: of(
    'unauthenticated',
    'The API key is missing, unknown or revoked.',
    'Send `Authorization: Bearer sk-…` or `x-api-key: sk-…`. Under `/v1` this code is `invalid_api_key`.',
  ),
  invalid_api_key: of(
    'unauthenticated',
    'The API key is missing, unknown or revoked (`/v1`).',
    'Send `Authorization: Bearer sk-…` or `x-api-key: sk-…`.',
  ),
  forbidden: of('forbidden', 'The key may not do this.', 'Use another key, or ask an admin.'),
  missing_scope: of(
    'forbidden',
    'The key lacks the scope that the message names.',
    'Create a key with this scope: `POST /api/keys`.',
  ),
  not_found: of(
    'not_found',
    'It does not exist, or it belongs to another tenant.',
    'Check the id and the key.',
  ),
  model_not_found: of(
    'not_found',
    'The catalogue has no model or alias of this name.',
    '`GET /api/models` lists them.',
  ),
  conflict: of(
    'conflict',
    'The request conflicts with the current state.',
    'Read the state again, then decide.',
  ),
  already_answered: of(
    'conflict',
    'Somebody has already answered this interrupt; `winner` is that answer.',
    'Nothing is left to do.',
  ),
  args_changed: of(
    'conflict',
    'The arguments have changed since you were shown `args_hash`.',
    'Read the interrupt again, and answer with its new `args_hash`.',
  ),
  run_ended: of('conflict', 'The run has ended.', 'Fork or replay it to go on from there.'),
  agent_broken: of(
    'conflict',
    'This agent could not be loaded; the message says why.',
    'Correct it in `app/`; the other agents work.',
  ),
  idempotency_key_reused: of(
    'conflict',
    'This `Idempotency-Key` was already used with another body.',
    'Use a new key for a new request.',
  ),
  last_admin_key: of(
    'conflict',
    "It is the tenant's last key with the scope `admin`.",
    'Create another admin key first, then revoke this one.',
  ),
  payload_too_large: of(
    'payload_too_large',
    'The body or the file is larger than its limit.',
    'See the limits in `docs/reference/limits.md`.',
  ),
  unsupported_media_type: of(
    'unsupported_media_type',
    'The route takes another content type.',
    'Send `application/json`, or `multipart/form-data` to `POST /v1/files`.',
  ),
  unprocessable: of(
    'unprocessable',
    'The request is well formed, but cannot be carried out.',
    'The message says why.',
  ),
  context_length_exceeded: of(
    'upstream_refused',
    'The request is longer than the model takes.',
    'Shorten it, or choose a model with a larger context.',
  ),
  schema_not_satisfied: of(
    'unprocessable',
    'No answer satisfied the schema.',
    'Simplify the schema, or choose a more capable model. 502 where the model is at fault.',
  ),
  schema_not_supported: of(
    'unprocessable',
    'This model, or an answer by quotes, cannot follow a schema.',
    'Choose a model with `json_schema`.',
  ),
  tools_not_supported: of(
    'unprocessable',
    'This model, or an answer by quotes, cannot call functions.',
    'Choose a model with `tools`.',
  ),
  vector_store_expired: of(
    'not_found',
    'The vector store has expired, and its passages are deleted.',
    'Create a new one from the same files.',
  ),
  budget_exceeded: of(
    'budget_exceeded',
    "The worst case of this request does not fit the key's budget.",
    'Raise the budget, wait for `retry-after`, or ask for less (`max_output_tokens`).',
  ),
  rate_limit_exceeded: of(
    'rate_limit_exceeded',
    'Too many requests or tokens in a minute, here or at the model.',
    'Wait for `retry-after` seconds.',
  ),
  upstream_refused: of(
    'upstream_refused',
    'The model rejected the request.',
    'The message gives its reason.',
  ),
  upstream_failed: of(
    'upstream_failed',
    'The model or another service failed.',
    'Try again; `x-upstream-request-id` helps its operator.',
  ),
  upstream_unavailable: of(
    'upstream_unavailable',
    'The model or another service is not available now.',
    'Wait for `retry-after` seconds.',
  ),
  model_missing: of(
    'upstream_refused',
    'The provider does not have the model that the catalogue names.',
    'Name another one in the catalogue; `GET /api/models` shows the targets.',
  ),
  upstream_timeout: of('upstream_timeout', 'The model did not answer in time.', 'Try again.'),
  internal_error: {
    status: 500,
    means: 'A fault of this service.',
    remedy: 'Report it with the `x-request-id`.',
  },
};
