import { VectorStore } from '../../contract/vector-stores.ts';
import { known, looseOpenAiList, read, write } from './connection.ts';

/** A vector store, in the page's words a collection. */
export interface Collection {
  readonly id: string;
  readonly name: string;
  readonly files: number;
  /** Suggested questions, one a line, from the metadata of the collection. */
  readonly questions: readonly string[];
}

const toCollection = ({ id, name, file_counts, metadata }: VectorStore): Collection => ({
  id,
  name: name === '' ? 'Untitled collection' : name,
  files: file_counts.total,
  questions: (metadata.questions ?? '').split('\n').filter((line) => line.trim() !== ''),
});

/** All of them, page by page. */
export async function listCollections(): Promise<readonly Collection[]> {
  const collections: Collection[] = [];
  let after: string | null = null;
  do {
    const from: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
    const page = await read(`/v1/vector_stores?limit=100${from}`, looseOpenAiList);
    collections.push(...known(page.data, VectorStore).map(toCollection));
    after = page.has_more ? page.last_id : null;
  } while (after !== null);
  return collections;
}

export async function createCollection(name: string): Promise<Collection> {
  return toCollection(await write('POST', '/v1/vector_stores', { name }, VectorStore));
}
