import { z } from 'zod';

/** What the page must know before it has a key. */
export const PageSettings = z
  .object({ key: z.string().nullable(), version: z.string() })
  .meta({ id: 'PageSettings' });
export type PageSettings = z.infer<typeof PageSettings>;
