import type { z } from 'zod';
import { CreateChatCompletionRequest } from '../contract/chat-request.ts';
import { CreateEmbeddingRequest } from '../contract/embeddings.ts';
import { CreateResponseRequest } from '../contract/response-request.ts';
import { SearchRequest } from '../contract/search.ts';
import { CreateFileBatchRequest, CreateVectorStoreFileRequest } from '../contract/vector-store-files.ts';
import { CreateVectorStoreRequest } from '../contract/vector-stores.ts';

type Body = Readonly<Record<string, unknown>>;

/** A request schema, the least that it takes, and a body with something in every part of it. */
export interface RequestCase {
  readonly path: string;
  readonly schema: z.ZodType;
  readonly least: Body;
  readonly whole: Body;
}

const parameters = { type: 'object', properties: { city: { type: 'string', default: null } } };
const ranking = {
  ranker: 'auto',
  score_threshold: 0.1,
  hybrid_search: { embedding_weight: 1, text_weight: 1 },
};

export const requests: readonly RequestCase[] = [
  {
    path: '/v1/responses',
    schema: CreateResponseRequest,
    least: { input: 'Say hello.' },
    whole: {
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How warm is it?' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: '21' }] },
        { type: 'item_reference', id: 'msg_1' },
        { type: 'web_search_call', id: 'ws_1' },
      ],
      prompt: { id: 'default', version: '1', variables: { a: 'b' } },
      tools: [
        { type: 'function', name: 'weather', description: 'x', parameters, strict: false },
        { type: 'file_search', vector_store_ids: ['vs_1'], max_num_results: 3, ranking_options: ranking },
      ],
      text: {
        format: { type: 'json_schema', name: 'a', schema: parameters, description: 'b', strict: true },
      },
      reasoning: { effort: 'low', summary: 'auto' },
      stream_options: { include_obfuscation: false },
    },
  },
  {
    path: '/v1/chat/completions',
    schema: CreateChatCompletionRequest,
    least: { messages: [{ role: 'user', content: 'Say hello.' }] },
    whole: {
      messages: [
        { role: 'system', content: 'Be brief.', name: 'boss' },
        { role: 'user', content: [{ type: 'text', text: 'How warm is it?' }], name: 'ada' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', content: '21', tool_call_id: 'c1' },
      ],
      tools: [
        { type: 'function', function: { name: 'weather', description: 'x', parameters, strict: false } },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'a', schema: parameters, description: 'b', strict: true },
      },
      ranking_options: ranking,
      stream_options: { include_usage: true },
    },
  },
  {
    path: '/v1/embeddings',
    schema: CreateEmbeddingRequest,
    least: { input: 'hello' },
    whole: { input: ['hello', 'world'] },
  },
  {
    path: '/v1/vector_stores',
    schema: CreateVectorStoreRequest,
    least: {},
    whole: {
      expires_after: { anchor: 'last_active_at', days: 7 },
      chunking_strategy: {
        type: 'static',
        static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 },
      },
    },
  },
  {
    path: '/v1/vector_stores/{store}/files',
    schema: CreateVectorStoreFileRequest,
    least: { file_id: 'file_1' },
    whole: { file_id: 'file_1', attributes: { a: 1 } },
  },
  {
    path: '/v1/vector_stores/{store}/file_batches',
    schema: CreateFileBatchRequest,
    least: { file_ids: ['file_1'] },
    whole: { files: [{ file_id: 'file_1', attributes: { a: 1 } }] },
  },
  {
    path: '/v1/vector_stores/{store}/search',
    schema: SearchRequest,
    least: { query: 'hello' },
    whole: { query: ['hello'], ranking_options: ranking },
  },
];

interface Internals {
  readonly type: string;
  readonly in?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

const internals = (schema: z.ZodType): Internals => schema._zod.def as unknown as Internals;

export type Path = readonly (string | number)[];

/**
 * Every optional field of a request schema that can be reached through this body, as the path to it: also in items of
 * lists, and in the member of a union that the body is.
 */
export function optionalFields(schema: z.ZodType, value: unknown, at: Path = []): readonly Path[] {
  const { type, options, element, shape, ...rest } = internals(schema);
  const inner = rest.in ?? rest.innerType;
  if (inner !== undefined) return optionalFields(inner, value, at);
  if (type === 'union') {
    const meant = options?.find((option) => option.safeParse(value).success);
    return meant === undefined ? [] : optionalFields(meant, value, at);
  }
  if (type === 'array' && element !== undefined && Array.isArray(value)) {
    return value.flatMap((item, index) => optionalFields(element, item, [...at, index]));
  }
  if (type !== 'object' || shape === undefined) return [];
  const given = (value ?? {}) as Body;
  return Object.entries(shape).flatMap(([name, field]) => [
    ...(field.safeParse(undefined).success ? [[...at, name]] : []),
    ...(given[name] === undefined ? [] : optionalFields(field, given[name], [...at, name])),
  ]);
}

/** The body with another value at this place; undefined takes the field away. */
export function withField(body: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(body)) {
    return body.map((item, index) => (index === name ? withField(item, rest, value) : item));
  }
  const { [name]: inner, ...others } = (body ?? {}) as Record<string, unknown>;
  const changed = withField(inner, rest, value);
  return changed === undefined ? others : { ...others, [name]: changed };
}
