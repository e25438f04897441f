import { z } from 'zod';
import { optional, withDefault } from './field.ts';

/** OpenAI's limit of texts in a request. */
export const MAX_TEXTS = 2_048;

const Text = z.string().min(1).max(100_000);
const Tokens = z.array(z.int().min(0)).min(1).max(100_000);

export const CreateEmbeddingRequest = z.strictObject({
  model: optional(z.string().min(1)).describe('A model of the catalogue; without one, `default-embedding`.'),
  input: z
    .union([Text, z.array(Text).min(1).max(MAX_TEXTS), Tokens, z.array(Tokens).min(1).max(MAX_TEXTS)])
    .describe(
      `A text or up to ${MAX_TEXTS} texts, none empty; or the same as token ids of OpenAI's cl100k_base, as LangChain sends them.`,
    ),
  encoding_format: withDefault(z.enum(['float', 'base64']), 'float'),
  dimensions: optional(z.int().positive()).describe("Only the model's own number of dimensions."),
  user: optional(z.string()),
});
export type CreateEmbeddingRequest = z.infer<typeof CreateEmbeddingRequest>;

export const Embedding = z.object({
  object: z.literal('embedding'),
  index: z.int(),
  embedding: z
    .union([z.array(z.number()), z.string()])
    .describe('Numbers, or with `encoding_format: "base64"` 32-bit floats, little endian.'),
});
export type Embedding = z.infer<typeof Embedding>;

export const EmbeddingList = z.object({
  object: z.literal('list'),
  data: z.array(Embedding),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int(), cost_usd: z.number() }),
});
export type EmbeddingList = z.infer<typeof EmbeddingList>;
