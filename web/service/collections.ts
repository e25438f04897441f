import * as z from 'zod/mini';
import { read, write } from './connection.ts';

/** A vector store, in the page's words a collection. */
const collection = z.object({
  id: z.string(),
  name: z.nullish(z.string()),
  metadata: z.nullish(z.record(z.string(), z.string())),
  file_counts: z.object({
    in_progress: z.number(),
    completed: z.number(),
    failed: z.number(),
    total: z.number(),
  }),
});

export interface Collection {
  readonly id: string;
  readonly name: string;
  readonly files: number;
  /** Suggested questions, one a line, from the metadata of the collection. */
  readonly questions: readonly string[];
}

const shown = (found: z.output<typeof collection>): Collection => ({
  id: found.id,
  name: found.name == null || found.name === '' ? 'Untitled collection' : found.name,
  files: found.file_counts.total,
  questions: (found.metadata?.questions ?? '').split('\n').filter((line) => line.trim() !== ''),
});

export async function listCollections(): Promise<readonly Collection[]> {
  const page = await read('/v1/vector_stores?limit=100', z.object({ data: z.array(collection) }));
  return page.data.map(shown);
}

export async function createCollection(name: string): Promise<Collection> {
  return shown(await write('POST', '/v1/vector_stores', { name }, collection));
}
