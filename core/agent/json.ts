import { Failure } from '../failure.ts';

/** What a journal can hold: the values that survive being written down and read back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An agent's state, a node's write, an input: an object of JSON values. */
export type State = { readonly [key: string]: Json };

/**
 * SQLite in a Durable Object takes 2 MB a row, and a run's row holds its input, a fork's state and an output; an
 * interrupt's the arguments and an answer.
 */
const MAX_BYTES = 256 * 1024;

/** Throws `payload_too_large`, naming the field. */
export function checkSize(value: Json, name: string): void {
  const size = new TextEncoder().encode(JSON.stringify(value)).byteLength;
  if (size <= MAX_BYTES) return;
  throw new Failure('payload_too_large', `'${name}' is larger than ${MAX_BYTES / 1024} KiB.`, {
    param: name,
  });
}
