import type { FileId, TenantId, VectorStoreId } from '../identifier.ts';
import type { FileAttributes, Filter } from './filter.ts';
import type { Passage } from './passage.ts';

/** A passage's place on one side's list. Higher is better on both sides; the scales differ. */
export interface Candidate {
  readonly passageId: string;
  readonly score: number;
}

export interface SearchRange {
  /** Stores of the scope's tenant; the caller has checked that they exist and are its own. */
  readonly vectorStoreIds: readonly VectorStoreId[];
  readonly filter: Filter | null;
  /** At most this many candidates, best first. */
  readonly limit: number;
}

/** The file that passages belong to, with what filters may ask about it. */
export interface IndexedDocument {
  readonly vectorStoreId: VectorStoreId;
  readonly fileId: FileId;
  readonly filename: string;
  readonly attributes: FileAttributes;
}

/**
 * Passages as text. Implementations scope every statement to the tenant, also those that take ids.
 * All writes are idempotent: writing the same passages twice leaves one of each.
 */
export interface PassageWriter {
  /** Adds or replaces passages and the document they belong to. */
  write(tenantId: TenantId, document: IndexedDocument, passages: readonly Passage[]): Promise<void>;
  /** Changes name or attributes; the passages stay. */
  describe(tenantId: TenantId, document: IndexedDocument): Promise<void>;
  /** Removes a document's passages and answers their ids, so that their vectors can follow; all but those of `keep`'s generation. */
  remove(
    tenantId: TenantId,
    document: { readonly vectorStoreId: VectorStoreId; readonly fileId: FileId },
    keep?: { readonly generation: string },
  ): Promise<readonly string[]>;
  /** Removes a whole store with what it was searched by, and answers the ids of its passages. */
  drop(tenantId: TenantId, vectorStoreId: VectorStoreId): Promise<readonly string[]>;
}

/** The same passages, as a question sees them. */
export interface PassageReader {
  /** BM25 over the words of `question`; nothing in it is read as query syntax. */
  search(tenantId: TenantId, question: string, range: SearchRange): Promise<readonly Candidate[]>;
  /** Reads passages of the range in the order of `ids`; what is gone, foreign or filtered out is left out. */
  read(
    tenantId: TenantId,
    ids: readonly string[],
    range: Omit<SearchRange, 'limit'>,
  ): Promise<readonly (Passage & { readonly attributes: FileAttributes })[]>;
  /** Ids of the files in range, at most `limit` + 1 of them: whether a filter is narrow enough to name its files. */
  files(tenantId: TenantId, range: SearchRange): Promise<readonly FileId[]>;
}

export type PassageIndex = PassageWriter & PassageReader;

export interface PassageVector {
  readonly passageId: string;
  readonly vectorStoreId: VectorStoreId;
  readonly fileId: FileId;
  readonly values: readonly number[];
}

/** Passages as vectors; writes become visible some time after they are accepted. */
export interface VectorIndex {
  write(tenantId: TenantId, vectors: readonly PassageVector[]): Promise<void>;
  remove(tenantId: TenantId, passageIds: readonly string[]): Promise<void>;
  /** Whether all of these ids can be found by a search now. */
  visible(tenantId: TenantId, passageIds: readonly string[]): Promise<boolean>;
  /** Cosine similarity, best first, at most 100. `fileIds` narrows the search to those files when it is given. */
  search(
    tenantId: TenantId,
    vector: readonly number[],
    range: {
      readonly vectorStoreIds: readonly VectorStoreId[];
      readonly fileIds?: readonly FileId[];
      readonly limit: number;
    },
  ): Promise<readonly Candidate[]>;
}
