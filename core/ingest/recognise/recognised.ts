import type { FormatName } from '../formats.ts';
import type { RefusalReason } from '../refusal.ts';

/** What a container holds: a format that is read, or what it is in words and why it is not read. */
export type Recognised =
  | { readonly format: FormatName }
  | { readonly reason: RefusalReason; readonly what: string };
