import { z } from 'zod';

/** The paging of every list under `/api`: `?limit=20&after=…`, where `after` is the `next` of the page before. */
export const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(200).optional(),
});
export type Paging = z.infer<typeof Paging>;

/** A page of a list. `next` is the cursor of the next one, null at the end. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), has_more: z.boolean(), next: z.string().nullable() });

/** ISO 8601 in UTC, as every object under `/api` carries its times. */
export const Time = z.iso.datetime();

/** US dollars. */
export const Dollars = z.number();
