import { z } from 'zod';
import { Metadata, optional, Seconds } from './field.ts';
import { listOf } from './listing.ts';

/** Ours have 29 characters; a longer one names nothing, and would not fit into a statement by the thousand. */
export const FileId = z.string().max(64);

export const MAX_FILES = 2_000;

export const Attributes = z
  .record(z.string().min(1).max(64), z.union([z.string().max(512), z.number(), z.boolean()]))
  .refine((pairs) => Object.keys(pairs).length <= 16, 'expected at most 16 pairs');
export type Attributes = z.infer<typeof Attributes>;

const StaticSizes = z.strictObject({
  max_chunk_size_tokens: z.int().min(100).max(4096),
  chunk_overlap_tokens: z.int().min(0),
});

export const ChunkingStrategyParam = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto') }),
  z.strictObject({
    type: z.literal('static'),
    static: StaticSizes.refine((sizes) => sizes.chunk_overlap_tokens * 2 <= sizes.max_chunk_size_tokens, {
      path: ['chunk_overlap_tokens'],
      message: 'it must not exceed half of max_chunk_size_tokens',
    }),
  }),
]);
export type ChunkingStrategyParam = z.infer<typeof ChunkingStrategyParam>;

/** What a document was cut with: always the sizes, also where `auto` chose them. */
export const ChunkingStrategy = z.object({
  type: z.literal('static'),
  static: z.object({ max_chunk_size_tokens: z.int(), chunk_overlap_tokens: z.int() }),
});

const ExpiresAfterParam = z.strictObject({
  anchor: z.literal('last_active_at'),
  days: z.int().min(1).max(365),
});

/** Ours: whether pages that have no usable text are read from their pictures. */
export const Ocr = z
  .boolean()
  .describe(
    'Ours: whether pages without a usable text layer are read by OCR (text recognition). It costs a model call a page.',
  );

const Name = z.string().max(256);

export const CreateVectorStoreRequest = z.strictObject({
  name: optional(Name),
  description: optional(z.string().max(2000)),
  metadata: optional(Metadata),
  expires_after: optional(ExpiresAfterParam),
  file_ids: optional(z.array(FileId).max(MAX_FILES)),
  chunking_strategy: optional(ChunkingStrategyParam),
  ocr: optional(Ocr),
});
export type CreateVectorStoreRequest = z.infer<typeof CreateVectorStoreRequest>;

/** Absent leaves a field as it is; null empties it. The one request in which the two differ, as at OpenAI. */
export const UpdateVectorStoreRequest = z.strictObject({
  name: Name.nullish(),
  metadata: Metadata.nullish(),
  expires_after: ExpiresAfterParam.nullish(),
  /** Of files that are attached from now on. Null: as the deployment has it. */
  ocr: Ocr.nullish(),
});
export type UpdateVectorStoreRequest = z.infer<typeof UpdateVectorStoreRequest>;

export const FileCounts = z.object({
  in_progress: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  total: z.int(),
});
export type FileCounts = z.infer<typeof FileCounts>;

export const VectorStore = z.object({
  id: z.string(),
  object: z.literal('vector_store'),
  created_at: Seconds,
  name: z.string(),
  description: z.string().nullable(),
  usage_bytes: z.int(),
  file_counts: FileCounts,
  status: z.enum(['expired', 'in_progress', 'completed']),
  expires_after: z.object({ anchor: z.literal('last_active_at'), days: z.int() }).optional(),
  expires_at: Seconds.nullable(),
  last_active_at: Seconds,
  metadata: z.record(z.string(), z.string()),
  ocr: z.boolean().nullable().describe('Ours: null where the deployment decides.'),
});
export type VectorStore = z.infer<typeof VectorStore>;

export const VectorStoreList = listOf(VectorStore);
export type VectorStoreList = z.infer<typeof VectorStoreList>;

export const VectorStoreDeleted = z.object({
  id: z.string(),
  object: z.literal('vector_store.deleted'),
  deleted: z.literal(true),
});
export type VectorStoreDeleted = z.infer<typeof VectorStoreDeleted>;
