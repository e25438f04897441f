import { z } from 'zod';

/**
 * CON-15. Every cursor, of our lists and of OpenAI's, is of one pattern, which needs no escaping in a URL. What it says is
 * for us alone: a caller sends back what a page gave out.
 */
export const Cursor = z
  .string()
  .regex(/^[\w.-]{1,200}$/, 'expected the cursor that an earlier page gave out')
  .meta({ id: 'Cursor', description: 'What an earlier page gave out, as it is.' });

/** The paging of every list under `/api`: `?limit=20&after=…`, where `after` is the `next` of the page before. */
export const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: Cursor.optional(),
});
export type Paging = z.infer<typeof Paging>;

/** A page of a list. `next` is the cursor of the next one, null at the end. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), has_more: z.boolean(), next: Cursor.nullable() });

/** ISO 8601 in UTC, as every object under `/api` carries its times. */
export const Time = z.iso.datetime();

/** US dollars. */
export const Dollars = z.number();
