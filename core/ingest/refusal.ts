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
  | 'needs_ocr';

export const refuse = (reason: RefusalReason, message: string, cause?: unknown): Failure =>
  new Failure('unprocessable', message, cause === undefined ? { reason } : { reason, cause });
