import { type Clock, DAY } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { StoredDocument } from './document.ts';
import type { DocumentLease, Outcome } from './lease.ts';

/** A document whose money comes back later than this fails: nobody watches one that long. */
const PATIENCE_MS = DAY;
/** Seconds that a message waits on the queue; Cloudflare's keeps one back for twelve hours at most. */
const LONGEST_MESSAGE_S = 300;

/**
 * Waits until the key may spend again. A document that is found by its words already stays so, whatever becomes of the
 * key: what was paid for is not taken away.
 * @throws Failure that ends the document, where its key's money does not come back soon.
 */
export async function waitForMoney(
  deps: { readonly clock: Clock },
  document: StoredDocument,
  lease: DocumentLease,
  failure: Failure,
): Promise<Outcome> {
  const now = deps.clock();
  const { embedded } = document;
  const { retryAfter = 0, lasting = false } = failure.details;
  const comesBack = !lasting && retryAfter * 1000 <= PATIENCE_MS;
  const dueAt = comesBack ? now + retryAfter * 1000 : null;
  if (document.status === 'completed') {
    const waitingFor = `Found by its words only. ${failure.message}`;
    return lease.finish({ embedded, withoutVectors: true, waitingFor }, dueAt);
  }
  if (dueAt === null) throw unaffordable(failure);
  const waitingFor = `Waiting until ${minute(dueAt)}. ${failure.message}`;
  const state = { embedded, waitingFor, waitingSince: document.waitingSince ?? now };
  // For a short wait a message comes again; after a long one the sweeper finds the document due.
  return retryAfter <= LONGEST_MESSAGE_S ? lease.pause(state, retryAfter) : lease.finish(state, dueAt);
}

/** Whether a key's limits stand in the way, and not the model. */
export const isUnaffordable = (failure: Failure): boolean =>
  failure.code === 'budget_exceeded' ||
  failure.code === 'rate_limit_exceeded' ||
  failure.details.reason === 'key_revoked';

/** `2026-11-26T00:00Z` */
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

const unaffordable = (failure: Failure): Failure =>
  failure.code === 'budget_exceeded'
    ? new Failure(
        'unprocessable',
        `${failure.message} Attach the document again with a key that has enough left.`,
        { reason: 'budget_exceeded' },
      )
    : failure;
