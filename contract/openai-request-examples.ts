import type { z } from 'zod';
import type { CreateChatCompletionRequest } from './chat-request.ts';
import type { CreateEmbeddingRequest } from './embeddings.ts';
import type { CreateResponseRequest } from './response-request.ts';
import type { SearchRequest } from './search.ts';
import type {
  CreateFileBatchRequest,
  CreateVectorStoreFileRequest,
  UpdateVectorStoreFileRequest,
} from './vector-store-files.ts';
import type { CreateVectorStoreRequest, UpdateVectorStoreRequest } from './vector-stores.ts';

/** One body of each of OpenAI's routes, as the reference shows it; a test holds each to its schema. */

const fileId = 'file_5f0c1d2e3a4b5c6d7e8f9a0b';
const storeId = 'vs_0a1b2c3d4e5f60718293a4b5';

export const responseRequest: z.input<typeof CreateResponseRequest> = {
  input: 'How long is the warranty on a frame?',
  tools: [{ type: 'file_search', vector_store_ids: [storeId] }],
};

export const chatRequest: z.input<typeof CreateChatCompletionRequest> = {
  model: 'default',
  messages: [{ role: 'user', content: 'How long is the warranty on a frame?' }],
};

export const embeddingRequest: z.input<typeof CreateEmbeddingRequest> = {
  model: 'default-embedding',
  input: ['Frames are guaranteed for ten years.'],
};

export const createStoreRequest: z.input<typeof CreateVectorStoreRequest> = {
  name: 'Handbook',
  file_ids: [fileId],
};

export const updateStoreRequest: z.input<typeof UpdateVectorStoreRequest> = { name: 'Handbook 2026' };

export const searchRequest: z.input<typeof SearchRequest> = {
  query: 'warranty on frames',
  max_num_results: 5,
};

export const attachFileRequest: z.input<typeof CreateVectorStoreFileRequest> = {
  file_id: fileId,
  attributes: { language: 'en' },
};

export const updateStoreFileRequest: z.input<typeof UpdateVectorStoreFileRequest> = {
  attributes: { language: 'de' },
};

export const batchRequest: z.input<typeof CreateFileBatchRequest> = { file_ids: [fileId] };
