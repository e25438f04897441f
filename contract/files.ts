import { z } from 'zod';
import { Seconds } from './field.ts';
import { ListQuery, listOf } from './listing.ts';

export const FilePurpose = z.enum(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']);
export type FilePurpose = z.infer<typeof FilePurpose>;

/** The form of an upload. It is read while it streams in, so this schema describes it and does not check it. */
export const CreateFileForm = z.strictObject({
  file: z.string().meta({ format: 'binary' }),
  purpose: FilePurpose,
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.int().min(3_600).max(2_592_000).optional(),
});

export const File = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.int(),
  created_at: Seconds,
  filename: z.string(),
  purpose: FilePurpose,
  status: z.literal('processed'),
  expires_at: Seconds.optional(),
});
export type File = z.infer<typeof File>;

export const FileList = listOf(File);
export type FileList = z.infer<typeof FileList>;

const MOST_FILES = 10_000;

export const FileListQuery = ListQuery.extend({
  limit: z.coerce.number().int().min(1).max(MOST_FILES).default(MOST_FILES),
  purpose: z.string().optional(),
});

export const FileDeleted = z.object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) });
export type FileDeleted = z.infer<typeof FileDeleted>;
