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

const OverlapFits = <T extends z.ZodType<z.infer<typeof StaticSizes>>>(sizes: T) =>
  sizes.refine((given) => given.chunk_overlap_tokens * 2 <= given.max_chunk_size_tokens, {
    path: ['chunk_overlap_tokens'],
    message: 'it must not exceed half of max_chunk_size_tokens',
  });

const Size = z.int().min(100).max(4096);
const structureSizes = { max_chunk_size_tokens: Size.default(400) };
const Structure = z.strictObject(structureSizes);
const Fixed = OverlapFits(
  z.strictObject({ ...structureSizes, chunk_overlap_tokens: z.int().min(0).default(0) }),
);
const Page = z.strictObject({ max_chunk_size_tokens: Size.default(1024) });
const Semantic = z.strictObject({
  ...structureSizes,
  breakpoint_percentile: z.int().min(50).max(99).default(95),
});

/** `auto` and `static` are OpenAI's; the others are ours, and may be given without sizes. */
export const ChunkingStrategyParam = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto') }),
  z.strictObject({ type: z.literal('static'), static: OverlapFits(StaticSizes) }),
  z
    .strictObject({ type: z.literal('structure'), structure: Structure.prefault({}) })
    .describe('Along headings; tables and code whole. The default, with sizes of your own.'),
  z
    .strictObject({ type: z.literal('fixed'), fixed: Fixed.prefault({}) })
    .describe('Passages of one size, whatever stands in them.'),
  z
    .strictObject({ type: z.literal('page'), page: Page.prefault({}) })
    .describe('A passage a page; longer pages are cut.'),
  z
    .strictObject({ type: z.literal('semantic'), semantic: Semantic.prefault({}) })
    .describe('Where the meaning turns, told by embeddings, which are charged.'),
]);
export type ChunkingStrategyParam = z.infer<typeof ChunkingStrategyParam>;

/** What a document was cut with: always the sizes, also where `auto` chose them. */
export const ChunkingStrategy = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('static'),
    static: z.object({ max_chunk_size_tokens: z.int(), chunk_overlap_tokens: z.int() }),
  }),
  z.object({
    type: z.literal('structure'),
    structure: z.object({ max_chunk_size_tokens: z.int() }),
  }),
  z.object({
    type: z.literal('fixed'),
    fixed: z.object({ max_chunk_size_tokens: z.int(), chunk_overlap_tokens: z.int() }),
  }),
  z.object({ type: z.literal('page'), page: z.object({ max_chunk_size_tokens: z.int() }) }),
  z.object({
    type: z.literal('semantic'),
    semantic: z.object({ max_chunk_size_tokens: z.int(), breakpoint_percentile: z.int() }),
  }),
]);
export type ChunkingStrategy = z.infer<typeof ChunkingStrategy>;

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
  chunking_strategy: ChunkingStrategy.nullable().describe(
    'Ours: of files that come into it without one; null: `auto`.',
  ),
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
