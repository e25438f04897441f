import type { ChatCompletion } from './chat-completions.ts';
import type { EmbeddingList } from './embeddings.ts';
import type { File } from './files.ts';
import type { Model } from './models.ts';
import type { Response } from './response.ts';
import type { SearchResultsPage } from './search.ts';
import type { FileBatch, FileContentPage, VectorStoreFile } from './vector-store-files.ts';
import type { VectorStore } from './vector-stores.ts';

/** One answer of each of OpenAI's routes, as the reference shows it; a test parses each with its schema. */

const made = 1_764_057_600;
const fileId = 'file_5f0c1d2e3a4b5c6d7e8f9a0b';
const storeId = 'vs_0a1b2c3d4e5f60718293a4b5';

export const exampleFile: File = {
  id: fileId,
  object: 'file',
  bytes: 1_832,
  created_at: made,
  filename: 'warranty.md',
  purpose: 'assistants',
  status: 'processed',
};

/** A list of one, as OpenAI lists are. */
export const exampleList = <Item extends { readonly id: string }>(item: Item) => ({
  object: 'list' as const,
  data: [item],
  first_id: item.id,
  last_id: item.id,
  has_more: false,
});

export const exampleModel: Model = { id: 'default', object: 'model', created: 0, owned_by: 'cloudflare' };

export const exampleEmbeddings: EmbeddingList = {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [0.0123, -0.0456, 0.0789] }],
  model: '@cf/baai/bge-small-en-v1.5',
  usage: { prompt_tokens: 8, total_tokens: 8, cost_usd: 0.00000016 },
};

const counts = { in_progress: 0, completed: 1, failed: 0, cancelled: 0, total: 1 };

export const exampleStore: VectorStore = {
  id: storeId,
  object: 'vector_store',
  created_at: made,
  name: 'Shop',
  description: null,
  usage_bytes: 1_832,
  file_counts: counts,
  status: 'completed',
  expires_at: null,
  last_active_at: made,
  metadata: {},
  ocr: null,
  chunking_strategy: null,
};

export const exampleStoreFile: VectorStoreFile = {
  id: fileId,
  object: 'vector_store.file',
  created_at: made,
  vector_store_id: storeId,
  filename: 'warranty.md',
  status: 'completed',
  usage_bytes: 1_832,
  last_error: null,
  attributes: { language: 'en' },
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
  ocr: false,
  progress: { stage: 'ready', blocks: 7, chunks: 2, embedded: 2, embedding: 'complete', message: null },
};

export const exampleContent: FileContentPage = {
  object: 'vector_store.file_content.page',
  data: [
    { type: 'text', text: 'Warranty', block: 'heading', level: 1, start: 0, end: 8 },
    { type: 'text', text: 'Frames are guaranteed for ten years.', block: 'paragraph', start: 10, end: 46 },
  ],
  has_more: false,
  next_page: null,
};

export const exampleBatch: FileBatch = {
  id: 'vsfb_0a1b2c3d4e5f60718293a4b5',
  object: 'vector_store.files_batch',
  created_at: made,
  vector_store_id: storeId,
  status: 'completed',
  file_counts: counts,
};

export const exampleSearch: SearchResultsPage = {
  object: 'vector_store.search_results.page',
  search_query: ['How long are frames guaranteed?'],
  data: [
    {
      file_id: fileId,
      filename: 'warranty.md',
      score: 0.98,
      attributes: { language: 'en' },
      content: [{ type: 'text', text: 'Frames are guaranteed for ten years.', start: 10, end: 46 }],
    },
  ],
  has_more: false,
  next_page: null,
};

const citation = {
  type: 'file_citation' as const,
  file_id: fileId,
  filename: 'warranty.md',
  index: 37,
  quote: 'Frames are guaranteed for ten years.',
  start: 10,
  end: 46,
};

const responseId = 'resp_1f2e3d4c5b6a79880a1b2c3d';

export const exampleResponse: Response = {
  id: responseId,
  object: 'response',
  created_at: made,
  completed_at: made + 2,
  status: 'completed',
  access_programs: null,
  background: false,
  conversation: null,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  model: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
  output: [
    {
      id: 'fs_1f2e3d4c5b6a79880a1b2c3d00',
      type: 'file_search_call',
      status: 'completed',
      queries: ['How long are frames guaranteed?'],
      results: null,
    },
    {
      id: 'msg_1f2e3d4c5b6a79880a1b2c3d01',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [
        {
          type: 'output_text',
          text: 'Frames are guaranteed for ten years. [1]',
          annotations: [citation],
          logprobs: [],
        },
      ],
    },
  ],
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt: { id: 'default', version: '1', variables: null },
  prompt_cache_key: null,
  prompt_cache_retention: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [{ type: 'file_search', vector_store_ids: [storeId], filters: null }],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  usage: {
    input_tokens: 412,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 14,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 426,
    cost_usd: 0.000152,
  },
  user: null,
};

export const exampleCompletion: ChatCompletion = {
  id: 'chatcmpl_1f2e3d4c5b6a79880a1b2c3d',
  object: 'chat.completion',
  created: made,
  model: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Frames are guaranteed for ten years. [1]',
        refusal: null,
        annotations: [
          {
            type: 'url_citation',
            url_citation: {
              start_index: 37,
              end_index: 40,
              url: `https://selvedge.example/v1/files/${fileId}/content`,
              title: 'warranty.md',
            },
          },
        ],
        citations: [citation],
      },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 412,
    completion_tokens: 14,
    total_tokens: 426,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
    cost_usd: 0.000152,
  },
};
