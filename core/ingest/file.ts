import type { Clock } from '../clock.ts';
import { Failure, invalid, notFound } from '../failure.ts';
import { type FileId, newId, type Random, type TenantId } from '../identifier.ts';
import type { OrderedPageRange, Page } from '../page.ts';
import type { PassageIndex } from '../retrieve/indexes.ts';
import type { Scope } from '../scope.ts';
import type { Block } from './block.ts';
import type { DocumentIds, IngestQueue } from './document.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import type { PageReadings } from './ocr/recognize-pages.ts';

export const filePurposes = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** An uploaded file. Its bytes never change: another content is another file. */
export interface StoredFile {
  readonly id: FileId;
  readonly tenantId: TenantId;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly contentType: string;
  readonly bytes: number;
  /** Of the content, in hex; empty while it is still coming in. */
  readonly sha256: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface FileRepository {
  /** Writes the row; nobody sees the file before `show`. */
  open(file: StoredFile): Promise<void>;
  show(file: StoredFile): Promise<void>;
  /** Those of `ids` that the tenant has, in no order. */
  find(tenantId: TenantId, ids: readonly FileId[]): Promise<readonly StoredFile[]>;
  list(
    tenantId: TenantId,
    filter: { readonly purpose: string | null },
    range: OrderedPageRange,
  ): Promise<Page<StoredFile>>;
  /**
   * From now on nobody sees the file or its documents; returns which. Null when the tenant
   * has no such file.
   */
  hide(tenantId: TenantId, id: FileId, at: number): Promise<readonly DocumentIds[] | null>;
}

/**
 * The bytes of a file and the blocks that were read from it. No part of `FileRepository`: rows and bytes are kept by
 * two things that fail apart, workers use only the bytes, and requests on stores only the rows.
 */
export interface FileContents extends PageReadings {
  /** Stores the bytes as they come, without holding them all. */
  write(
    tenantId: TenantId,
    file: Pick<StoredFile, 'id' | 'contentType'>,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;
  read(tenantId: TenantId, fileId: FileId): Promise<ReadableStream<Uint8Array> | null>;
  writeBlocks(tenantId: TenantId, fileId: FileId, blocks: readonly Block[]): Promise<void>;
  readBlocks(tenantId: TenantId, fileId: FileId): Promise<readonly Block[] | null>;
  /** Removes bytes, blocks and readings of pages; what is not there needs no removal. */
  remove(tenantId: TenantId, fileId: FileId): Promise<void>;
}

/** Every implementation refuses the byte that is one too many, as it comes in. */
export const fileTooLarge = (): Failure =>
  new Failure('payload_too_large', `The file is larger than ${MAX_FILE_BYTES} bytes (100 MiB less one).`, {
    param: 'file',
  });

/** Sets the sweeper's alarm; called before the work that it watches is written. */
export type WakeSweeper = () => Promise<void>;

export interface FileDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: FileRepository;
  readonly contents: FileContents;
  readonly passages: PassageIndex;
  readonly ingestQueue: IngestQueue;
  readonly wakeSweeper: WakeSweeper;
}

export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Asked once the bytes are in: the form's other fields may stand behind the file. */
  readonly fields: () => Promise<{ readonly purpose: FilePurpose; readonly expiresAfter: number | null }>;
}

/**
 * Takes a file in. Its row stands, hidden, before its first byte, so that an upload that dies leaves nothing
 * that the sweeper does not know of.
 */
export async function uploadFile(deps: FileDependencies, scope: Scope, upload: Upload): Promise<StoredFile> {
  const opened: StoredFile = {
    id: newId('file', deps.random),
    tenantId: scope.tenantId,
    filename: upload.filename,
    purpose: 'assistants',
    contentType: upload.contentType,
    bytes: 0,
    sha256: '',
    createdAt: deps.clock(),
    expiresAt: null,
  };
  await deps.files.open(opened);
  try {
    const written = await deps.contents.write(opened.tenantId, opened, upload.bytes);
    if (written.bytes === 0) throw invalid('file', "The file in 'file' is empty.");
    const { purpose, expiresAfter } = await upload.fields();
    const expiresAt = expiresAfter === null ? null : opened.createdAt + expiresAfter * 1000;
    const file = { ...opened, ...written, purpose, expiresAt };
    if (expiresAt !== null) await deps.wakeSweeper();
    await deps.files.show(file);
    return file;
  } catch (error) {
    await deps.contents.remove(opened.tenantId, opened.id);
    throw error;
  }
}

export async function findFile(
  deps: Pick<FileDependencies, 'files'>,
  tenantId: TenantId,
  id: FileId,
  param?: string,
): Promise<StoredFile> {
  const [file] = await deps.files.find(tenantId, [id]);
  if (file === undefined) throw notFound('file', id, param);
  return file;
}

export async function deleteFile(deps: FileDependencies, tenantId: TenantId, id: FileId): Promise<void> {
  await deps.wakeSweeper();
  if (!(await takeOut(deps, tenantId, id))) throw notFound('file', id);
}

/**
 * Takes a file out of everything. When this returns nothing of it can be found; its vectors follow. False when
 * there is no such file.
 */
export async function takeOut(
  deps: Pick<FileDependencies, 'clock' | 'files' | 'contents' | 'passages' | 'ingestQueue'>,
  tenantId: TenantId,
  fileId: FileId,
): Promise<boolean> {
  const removed = await deps.files.hide(tenantId, fileId, deps.clock());
  if (removed === null) return false;
  for (const ids of removed) await deps.passages.remove(tenantId, ids);
  await deps.contents.remove(tenantId, fileId);
  await deps.ingestQueue.send(removed);
  return true;
}
