import { z } from 'zod';

const Capabilities = z.union([
  z.object({
    tools: z.boolean(),
    json_schema: z.boolean(),
    context_tokens: z.int(),
    /** The limit of an answer whose caller names none. */
    max_output_tokens: z.int(),
    answers: z.enum(['generate', 'quote']).optional(),
  }),
  z.object({ dimensions: z.int(), max_tokens: z.int() }),
  z.object({ max_tokens: z.int() }),
  z.object({ max_input_tokens: z.int(), max_output_tokens: z.int() }),
]);

/** A model of the catalogue: what it is for, whether it can be used now, what it costs. */
export const CatalogueModel = z
  .object({
    name: z.string(),
    aliases: z.array(z.string()),
    task: z.enum(['chat', 'embedding', 'rerank', 'ocr']),
    target: z.object({ kind: z.string(), model: z.string() }),
    capabilities: Capabilities,
    state: z.enum(['ready', 'missing']),
    reason: z.string().nullable(),
    /** The model that really answers, where it is another. */
    stands_in: z.string().nullable(),
    price: z.object({ input_usd_per_million: z.number(), output_usd_per_million: z.number() }).nullable(),
    /** Where the price comes from. */
    prices: z.string(),
    /** Whether the price is only what the hosted model would cost. */
    notional: z.boolean(),
    /** Of the pair with which documents are found: whether its scores have been measured together. */
    calibration: z.enum(['measured', 'assumed', 'fallback']).optional(),
  })
  .meta({ id: 'CatalogueModel' });
export type CatalogueModel = z.infer<typeof CatalogueModel>;

export const Catalogue = z.object({ data: z.array(CatalogueModel) }).meta({ id: 'Catalogue' });
export type Catalogue = z.infer<typeof Catalogue>;
