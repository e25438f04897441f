import { z } from 'zod';
import { optional, Seconds } from './field.ts';
import { ListQuery, listOf } from './listing.ts';
import {
  Attributes,
  ChunkingStrategy,
  ChunkingStrategyParam,
  FileCounts,
  FileId,
  MAX_FILES,
  Ocr,
} from './vector-stores.ts';

const settings = {
  attributes: optional(Attributes),
  chunking_strategy: optional(ChunkingStrategyParam),
  ocr: optional(Ocr),
};

export const CreateVectorStoreFileRequest = z.strictObject({ file_id: FileId, ...settings });
export type CreateVectorStoreFileRequest = z.infer<typeof CreateVectorStoreFileRequest>;

/** The attributes replace those that were there; null removes them all. */
export const UpdateVectorStoreFileRequest = z.strictObject({ attributes: Attributes.nullable() });
export type UpdateVectorStoreFileRequest = z.infer<typeof UpdateVectorStoreFileRequest>;

export const VectorStoreFile = z.object({
  id: z.string(),
  object: z.literal('vector_store.file'),
  created_at: Seconds,
  vector_store_id: z.string(),
  filename: z.string(),
  status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
  usage_bytes: z.int(),
  last_error: z
    .object({
      code: z.enum(['server_error', 'unsupported_file', 'invalid_file']),
      reason: z.string().nullable().describe('Finer than `code`: `needs_ocr`, `encrypted`, `too_large` …'),
      message: z.string(),
    })
    .nullable(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  chunking_strategy: ChunkingStrategy,
  ocr: z.boolean().describe('Ours: whether its pages without text are read from their pictures.'),
  progress: z.object({
    stage: z.enum(['queued', 'parsing', 'indexing', 'embedding', 'settling', 'ready']),
    blocks: z.int(),
    chunks: z.int(),
    embedded: z.int(),
    embedding: z.enum(['unavailable', 'complete', 'pending']),
    message: z.string().nullable().describe('Why it waits, and what of it could not be read.'),
  }),
});
export type VectorStoreFile = z.infer<typeof VectorStoreFile>;

export const VectorStoreFileList = listOf(VectorStoreFile);
export type VectorStoreFileList = z.infer<typeof VectorStoreFileList>;

export const VectorStoreFileListQuery = ListQuery.extend({
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
export type VectorStoreFileListQuery = z.infer<typeof VectorStoreFileListQuery>;

export const VectorStoreFileDeleted = z.object({
  id: z.string(),
  object: z.literal('vector_store.file.deleted'),
  deleted: z.literal(true),
});
export type VectorStoreFileDeleted = z.infer<typeof VectorStoreFileDeleted>;

export const FileContentBlock = z.object({
  type: z.literal('text'),
  text: z.string(),
  block: z.enum(['heading', 'paragraph', 'list', 'table', 'code', 'figure']),
  page: z.int().optional().describe('From 1, in formats that have pages.'),
  bbox: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .optional()
    .describe('x0, y0, x1, y1 in PDF points, origin bottom left.'),
  level: z.int().optional().describe('Headings, from 1.'),
  rows: z
    .array(z.array(z.string()))
    .optional()
    .describe("Tables; a spanning cell's text is in its first cell."),
  header_rows: z.int().optional().describe('How many of the first `rows` name the columns.'),
  page_breaks: z
    .array(z.object({ at: z.int(), page: z.int() }))
    .optional()
    .describe('Where the text goes on to another page: offsets into `text`.'),
  furniture: z
    .literal(true)
    .optional()
    .describe('Repeated on every page (running heads, page numbers): never found and never quoted.'),
  remark: z.string().optional().describe('How this was read, where a reader should know.'),
  ocr: z
    .object({
      confidence: z
        .number()
        .nullable()
        .describe('How sure the recognizer was, in 0…1; null where the model does not say.'),
      words: z
        .array(
          z.object({
            text: z.string(),
            confidence: z.number().nullable(),
            bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
          }),
        )
        .describe('Where each word stands; empty where the model does not say.'),
    })
    .optional()
    .describe('The text was read from a picture (OCR).'),
  unread: z.literal(true).optional().describe('The text is our remark on what could not be read here.'),
  start: z.int().describe('Offset into the parsed text, in UTF-16 code units.'),
  end: z.int().describe('Exclusive.'),
});
export type FileContentBlock = z.infer<typeof FileContentBlock>;

export const FileContentPage = z.object({
  object: z.literal('vector_store.file_content.page'),
  data: z.array(FileContentBlock),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
});
export type FileContentPage = z.infer<typeof FileContentPage>;

export const CreateFileBatchRequest = z
  .strictObject({
    file_ids: optional(z.array(FileId).min(1).max(MAX_FILES)),
    files: optional(z.array(CreateVectorStoreFileRequest).min(1).max(MAX_FILES)),
    ...settings,
  })
  .refine((body) => (body.file_ids === undefined) !== (body.files === undefined), {
    path: ['file_ids'],
    message: "give either 'file_ids' or 'files'",
  })
  .refine((body) => body.files === undefined || body.attributes === undefined, {
    path: ['attributes'],
    message: "with 'files' each file has its own",
  })
  .refine((body) => body.files === undefined || body.ocr === undefined, {
    path: ['ocr'],
    message: "with 'files' each file has its own",
  })
  .refine((body) => body.files === undefined || body.chunking_strategy === undefined, {
    path: ['chunking_strategy'],
    message: "with 'files' each file has its own",
  });
export type CreateFileBatchRequest = z.infer<typeof CreateFileBatchRequest>;

export const FileBatch = z.object({
  id: z.string(),
  object: z.literal('vector_store.files_batch'),
  created_at: Seconds,
  vector_store_id: z.string(),
  status: z.enum(['in_progress', 'completed', 'cancelled']),
  file_counts: FileCounts,
});
export type FileBatch = z.infer<typeof FileBatch>;
