import { z } from 'zod';

/** What the page must know before it has a key. */
export const PageSettings = z
  .object({
    key: z.string().nullable(),
    version: z.string(),
    title: z.string().describe("The deployment's name, shown in the page and its tab"),
    accent: z.string().nullable().describe("#rrggbb, or null for the page's own colour"),
    questions: z
      .array(z.string())
      .readonly()
      .describe('To begin with; a collection with questions of its own shows those'),
  })
  .meta({ id: 'PageSettings' });
export type PageSettings = z.infer<typeof PageSettings>;
