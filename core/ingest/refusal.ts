import { Failure } from '../failure.ts';

/** Why a document cannot be indexed, finer than OpenAI's `last_error.code`. Trying again changes none of them. */
export type RefusalReason =
  | 'unsupported_format'
  | 'empty'
  | 'too_large'
  | 'too_many_pages'
  | 'too_deep'
  | 'malformed'
  | 'not_utf8'
  | 'encrypted'
  | 'needs_ocr'
  /** A parser of the deployment's own threw, or answered no blocks. */
  | 'parser_failed';

export const refuse = (reason: RefusalReason, message: string, cause?: unknown): Failure =>
  new Failure('unprocessable', message, cause === undefined ? { reason } : { reason, cause });
