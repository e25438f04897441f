import type { Clock } from '../clock.ts';
import type { DocumentChanges, DocumentLeases, Lease, StoredDocument } from './document.ts';

/** When the same message should come again; null: there is nothing left to do. */
export type Outcome = { readonly delaySeconds: number } | null;

/** Longer than one step takes on a busy machine (60 s is an embedding call's own limit). */
export const LEASE_MS = 90_000;
/** How long after a message should have come the sweeper sends another. */
export const GRACE_MS = 30_000;
/** Work on one message, so that a long document leaves room for others and never meets the queue's 15 minutes. */
const SLICE_MS = 20_000;

/** The lease is lost: somebody else has the document, or it was removed or cancelled. */
export class LeaseLost extends Error {}

export interface LeaseDependencies {
  readonly clock: Clock;
  readonly documents: DocumentLeases;
}

/** One worker's hold on one document. */
export class DocumentLease {
  readonly #deps: LeaseDependencies;
  readonly #document: StoredDocument;
  readonly #token: string;
  readonly #began: number;

  constructor(deps: LeaseDependencies, document: StoredDocument, token: string) {
    this.#deps = deps;
    this.#document = document;
    this.#token = token;
    this.#began = deps.clock();
  }

  get isOver(): boolean {
    return this.#deps.clock() - this.#began > SLICE_MS;
  }

  /** A step is done: the row says so, the lease is extended, and earlier attempts are forgotten. */
  async step(changes: DocumentChanges): Promise<void> {
    const until = this.#deps.clock() + LEASE_MS;
    await this.#write(until, { attempts: 0, ...changes }, until + 1);
  }

  /** Gives the document back until the message comes again. */
  async pause(changes: DocumentChanges, delaySeconds: number): Promise<Outcome> {
    await this.#write(0, { attempts: 0, ...changes }, this.#deps.clock() + delaySeconds * 1000 + GRACE_MS);
    return { delaySeconds };
  }

  /** Nothing is left to do, or nothing before `dueAt`. */
  async finish(changes: DocumentChanges, dueAt: number | null = null): Promise<null> {
    await this.#write(0, { attempts: 0, waitingFor: null, waitingSince: null, ...changes }, dueAt);
    return null;
  }

  async forget(): Promise<null> {
    await this.#deps.documents.forget(this.#document.tenantId, this.#document.id);
    return null;
  }

  release(): Promise<void> {
    return this.#deps.documents.release(this.#document.tenantId, this.#document.id, {
      token: this.#token,
      until: 0,
    });
  }

  async #write(until: number, changes: DocumentChanges, dueAt: number | null): Promise<void> {
    const lease: Lease = { token: this.#token, until };
    if (!(await this.#deps.documents.update(this.#document.tenantId, this.#document, lease, changes, dueAt)))
      throw new LeaseLost();
  }
}
