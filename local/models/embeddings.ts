import { z } from 'zod';
import type { Encoders } from './encoders.ts';
import { Refusal } from './refusal.ts';

const input = z.string().min(1, 'expected at least one character');

export const embeddingsBody = z.strictObject({
  model: z.string(),
  input: z.union([input, z.array(input).min(1).max(2048)]),
  encoding_format: z.enum(['float', 'base64']).optional(),
  dimensions: z.int().optional(),
  user: z.string().optional(),
  /** Workers AI's option, not OpenAI's: the first row (as bge was trained) or the mean of all. */
  pooling: z.enum(['cls', 'mean']).optional(),
});

/** `POST /v1/embeddings`. A text beyond the model's 512 tokens is read up to there, as Workers AI does. */
export async function embeddings(
  body: z.infer<typeof embeddingsBody>,
  encoders: Encoders,
  signal: AbortSignal,
): Promise<unknown> {
  const { vectors, tokens } = await encoders.embed([body.input].flat(), body.pooling ?? 'cls', signal);
  const width = vectors[0]?.length ?? 0;
  if (body.dimensions !== undefined && body.dimensions !== width) {
    throw new Refusal(400, 'invalid_value', `dimensions: this model has ${width}.`, 'dimensions');
  }
  return {
    object: 'list',
    model: body.model,
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? base64(vector) : Array.from(vector),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

const base64 = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
