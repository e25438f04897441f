import type { Clock } from '../clock.ts';
import type { FileId, TenantId, VectorStoreId } from '../identifier.ts';
import type { PassageIndex } from '../retrieve/indexes.ts';
import type { DocumentIds, IngestQueue } from './document.ts';
import { type FileContents, type FileRepository, takeOut } from './file.ts';

/** Work that is unfinished, of all tenants. */
export interface BacklogRepository {
  /** Documents that are due and that nobody holds; each is due again only some time later. */
  takeDue(now: number, limit: number): Promise<readonly DocumentIds[]>;
  /** Files that expired, files deleted, uploads begun before `abandoned`. */
  files(
    now: number,
    abandoned: number,
    limit: number,
  ): Promise<readonly { readonly tenantId: TenantId; readonly id: FileId; readonly hidden: boolean }[]>;
  /** Ends stores whose time is over, with their documents, and answers which. */
  expireStores(
    now: number,
    limit: number,
  ): Promise<readonly { readonly tenantId: TenantId; readonly id: VectorStoreId }[]>;
  /** Removed stores that have no documents left. */
  stores(limit: number): Promise<readonly { readonly tenantId: TenantId; readonly id: VectorStoreId }[]>;
  forget(noun: 'file' | 'vector store', id: string): Promise<void>;
  /** When the next thing is due; null when nothing ever is. */
  nextAt(): Promise<number | null>;
}

export interface SweepDependencies {
  readonly clock: Clock;
  readonly backlog: BacklogRepository;
  readonly files: FileRepository;
  readonly contents: FileContents;
  readonly passages: PassageIndex;
  readonly ingestQueue: IngestQueue;
}

/** A batch of the queue. What is left over is found by the next sweep, which then follows at once. */
const AT_ONCE = 100;
/** An upload that has not ended after this long never will: 100 MB in an hour is 28 kB/s. */
const ABANDONED_MS = 60 * 60_000;
/** Between sweeps while work is open, so that an error that passes does not turn into a flood of messages. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * Puts work back on the queue that no worker holds any more (the queue lost the message, or the worker died), and ends
 * deletions that were cut short. Answers when to sweep again, or null when nothing is open.
 */
export async function sweep(deps: SweepDependencies): Promise<number | null> {
  const now = deps.clock();
  for (const store of await deps.backlog.expireStores(now, AT_ONCE))
    await deps.passages.drop(store.tenantId, store.id);
  const due = await deps.backlog.takeDue(now, AT_ONCE);
  await deps.ingestQueue.send(due);
  for (const file of await deps.backlog.files(now, now - ABANDONED_MS, AT_ONCE)) {
    if (!file.hidden) await takeOut(deps, file.tenantId, file.id);
    else {
      await deps.contents.remove(file.tenantId, file.id);
      await deps.backlog.forget('file', file.id);
    }
  }
  for (const store of await deps.backlog.stores(AT_ONCE)) {
    await deps.passages.drop(store.tenantId, store.id);
    await deps.backlog.forget('vector store', store.id);
  }
  if (due.length === AT_ONCE) return now + SHORTEST_MS;
  const next = await deps.backlog.nextAt();
  return next === null ? null : Math.min(Math.max(next, now + SHORTEST_MS), now + LONGEST_MS);
}
