import { Hono } from 'hono';
import { CreateEmbeddingRequest, EmbeddingList } from '../../contract/embeddings.ts';
import { exampleEmbeddings } from '../../contract/openai-examples.ts';
import { embeddingRequest } from '../../contract/openai-request-examples.ts';
import { invalid } from '../../core/failure.ts';
import { defaultAliases, findModel } from '../../core/models/catalogue.ts';
import { embedder } from '../../core/models/encoders.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { textsOf } from './embedding-input.ts';
import { operation } from './operation.ts';
import { jsonBody } from './validation.ts';

export const embeddings = new Hono<Routes>().post(
  '/',
  needs('read'),
  operation({
    summary: 'Create embeddings of texts',
    tag: 'models',
    request: embeddingRequest,
    answers: { 200: { schema: EmbeddingList, example: exampleEmbeddings } },
  }),
  jsonBody(CreateEmbeddingRequest),
  async (c) => {
    const { services, trace, meter } = c.var;
    const asked = c.req.valid('json');
    const entry = findModel(services.catalogue, asked.model ?? defaultAliases.embedding, 'embedding');
    if (asked.dimensions !== undefined && asked.dimensions !== entry.dimensions) {
      throw invalid('dimensions', `'dimensions': the vectors of '${entry.name}' have ${entry.dimensions}.`);
    }
    const texts = await textsOf(asked.input);
    const model = embedder(services, entry);
    await meter.afford(model.worstCase(texts, 'passage'));
    const vectors = await trace.root.stage('embed', {}, (span) => model.embed(texts, 'passage', span));
    const encoded =
      asked.encoding_format === 'base64' ? vectors.map(base64) : vectors.map((vector) => [...vector]);
    const { inputTokens, cost } = trace.totals;
    return c.json<EmbeddingList>({
      object: 'list',
      data: encoded.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: entry.name,
      usage: { prompt_tokens: inputTokens, total_tokens: inputTokens, cost_usd: inDollars(cost) },
    });
  },
);

/** 32-bit floats, little endian, as OpenAI's clients read them. */
function base64(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [place, value] of vector.entries()) bytes.setFloat32(place * 4, value, true);
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}
