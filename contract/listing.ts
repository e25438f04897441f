import { z } from 'zod';
import { Cursor } from './paging.ts';

/** OpenAI's query of a list. Query strings have no null: absent is absent. */
export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: Cursor.optional(),
  before: Cursor.optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** OpenAI's list object, with cursors. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
