import { Failure, type FailureCode, type FailureDetails } from '../core/failure.ts';

/** An answer that may be a failure: an exception loses its fields between two isolates. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: FailureCode;
      readonly message: string;
      readonly details: FailureDetails;
    };

/** The caller's side: the value, or the failure thrown again. */
export function unwrapReply<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new Failure(reply.code, reply.message, reply.details);
  return reply.value;
}

/** The object's side. Bugs still throw. */
export async function toReply<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { cause: _cause, ...details } = error.details;
    return { ok: false, code: error.code, message: error.message, details };
  }
}
