import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { createCollection } from '../service/collections.ts';
import { attach, upload } from '../service/documents.ts';

/** A file on its way to the service. Once a collection has it, it is a document and leaves this list. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly collection: string;
  /** 0…1. */
  readonly share: number;
  readonly failure: string | null;
}

/** Below the service's own limit of 100 MiB, so that nobody waits for an upload that must be refused. */
const MAX_BYTES = 100 * 1024 * 1024;

let uploads: readonly Upload[] = [];
let made = 0;
const listeners = new Set<() => void>();

function change(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

const update = (id: number, part: Partial<Upload>) =>
  change(uploads.map((one) => (one.id === id ? { ...one, ...part } : one)));

export const dismiss = (id: number) => change(uploads.filter((one) => one.id !== id));

export const useUploads = (collection: string | null): readonly Upload[] => {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
  return all.filter((one) => one.collection === collection);
};

let founding: Promise<string> | null = null;

/** Files that come in quick succession before there is a collection make one, not one each. */
function firstCollection(queries: QueryClient): Promise<string> {
  founding ??= createCollection('My documents')
    .then(async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['collections'] });
      return id;
    })
    .finally(() => {
      founding = null;
    });
  return founding;
}

/** Sends the files one after another; makes a collection first where there is none. Answers its id. */
export async function addFiles(
  files: readonly File[],
  into: string | null,
  queries: QueryClient,
): Promise<string> {
  const collection = into ?? (await firstCollection(queries));
  const waiting = files.map((source) => {
    made += 1;
    const failure = source.size >= MAX_BYTES ? 'Files must be smaller than 100 MiB.' : null;
    return { source, entry: { id: made, name: source.name, collection, share: 0, failure } };
  });
  change([...waiting.map(({ entry }) => entry), ...uploads]);
  void sendAll(
    waiting.filter(({ entry }) => entry.failure === null),
    queries,
  );
  return collection;
}

async function sendAll(
  waiting: readonly { readonly source: File; readonly entry: Upload }[],
  queries: QueryClient,
): Promise<void> {
  for (const { source, entry } of waiting) {
    try {
      const id = await upload(source, (share) => update(entry.id, { share }));
      await attach(entry.collection, id);
      await queries.invalidateQueries({ queryKey: ['documents', entry.collection] });
      dismiss(entry.id);
    } catch (error) {
      update(entry.id, { failure: error instanceof Error ? error.message : 'The upload failed.' });
    }
  }
  await queries.invalidateQueries({ queryKey: ['collections'] });
}
