import { refuse } from './refusal.ts';

/** Refuses a file that has more bytes than are read of its kind. */
export function refuseBeyond(bytes: number, limit: number, what: string): void {
  if (bytes <= limit) return;
  const mebibytes = (count: number) => Math.ceil((count / 1024 / 1024) * 10) / 10;
  throw refuse(
    'too_large',
    `The file has ${mebibytes(bytes)} MiB; ${what} up to ${mebibytes(limit)} MiB are indexed. Split it.`,
  );
}
