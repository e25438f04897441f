import type OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import type {
  ResponseIncludable as OpenAIIncludable,
  Response as OpenAIResponse,
  ResponseStreamEvent as OpenAIStreamEvent,
  ResponseCreateParamsBase,
  ResponseInputItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses';
import type { VectorStoreCreateParams, VectorStoreSearchParams } from 'openai/resources/vector-stores';
import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { ChatCompletion, ChatCompletionChunk } from '../../contract/chat-completions.ts';
import type { ChatMessageParam } from '../../contract/chat-request.ts';
import type { CreateEmbeddingRequest } from '../../contract/embeddings.ts';
import type { chatFields, responseFields } from '../../contract/field-policy.ts';
import type { File, FileDeleted } from '../../contract/files.ts';
import type { Model } from '../../contract/models.ts';
import type { OutputItem, Response } from '../../contract/response.ts';
import type { ResponseStreamEvent } from '../../contract/response-events.ts';
import type { InputItem } from '../../contract/response-input.ts';
import type { CreateResponseRequest, ResponseIncludable } from '../../contract/response-request.ts';
import type { SearchRequest, SearchResult } from '../../contract/search.ts';
import type { FileBatch, VectorStoreFile } from '../../contract/vector-store-files.ts';
import type { CreateVectorStoreRequest, VectorStore } from '../../contract/vector-stores.ts';

/**
 * The contract beside the official package's own types. Nothing here runs: `npm run types` is the test, and an
 * upgrade of the package that knows a field or an item that we do not is a type error here.
 */

/** Interfaces have no index signature, which loose objects want. */
type Plain<T> = T extends string
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

/** Zod says of an optional field that it may be undefined; we never write one that is. */
type Exact<T> = T extends readonly (infer Item)[]
  ? Exact<Item>[]
  : T extends object
    ? { [Key in keyof T]: Exact<Exclude<T[Key], undefined>> }
    : T;

/** The names under which a table has fields: `text` for `text.format`. */
type Top<Path> = Path extends `${infer Name}.${string}` ? Name : Path;

test('every field that the official package can send is known, and stands in the table', () => {
  expectTypeOf<keyof ResponseCreateParamsBase>().toExtend<keyof z.input<typeof CreateResponseRequest>>();
  expectTypeOf<keyof ResponseCreateParamsBase>().toExtend<Top<keyof typeof responseFields>>();
  expectTypeOf<keyof ChatCompletionCreateParamsBase>().toExtend<Top<keyof typeof chatFields>>();
  expectTypeOf<OpenAIIncludable>().toExtend<z.input<typeof ResponseIncludable>>();
});

test('requests of the official package, as far as their content is text, are requests of the contract', () => {
  expectTypeOf<EmbeddingCreateParams>().toExtend<z.input<typeof CreateEmbeddingRequest>>();
  expectTypeOf<VectorStoreCreateParams>().toExtend<z.input<typeof CreateVectorStoreRequest>>();
  expectTypeOf<Omit<VectorStoreSearchParams, 'filters'>>().toExtend<z.input<typeof SearchRequest>>();
  type TextItem =
    | { role: 'user' | 'assistant' | 'system' | 'developer'; content: string; type?: 'message' }
    | ResponseInputItem.FunctionCallOutput
    | ResponseInputItem.ItemReference;
  expectTypeOf<Plain<Exclude<TextItem, ResponseInputItem.FunctionCallOutput>>>().toExtend<
    z.input<typeof InputItem>
  >();
  type TextMessage = Extract<
    ChatCompletionMessageParam,
    { role: 'assistant' | 'tool' | 'system' | 'developer' }
  >;
  expectTypeOf<Plain<TextMessage>>().toExtend<z.input<typeof ChatMessageParam>>();
});

test('what OpenAI answers may be sent back', () => {
  expectTypeOf<Plain<ResponseOutputItem>>().toExtend<z.input<typeof InputItem>>();
  expectTypeOf<Plain<OutputItem>>().toExtend<z.input<typeof InputItem>>();
  expectTypeOf<Plain<OpenAI.Chat.ChatCompletionMessage>>().toExtend<z.input<typeof ChatMessageParam>>();
  expectTypeOf<Plain<ChatCompletion['choices'][number]['message']>>().toExtend<
    z.input<typeof ChatMessageParam>
  >();
});

/**
 * Where we and the package's types differ on purpose: OpenAI answers null where its types say absent (`user`, `usage`
 * before the end, `description`), and codes and effort are ours or newer.
 */
type Loose =
  | 'error'
  | 'incomplete_details'
  | 'output_text'
  | 'prompt_cache_retention'
  | 'reasoning'
  | 'service_tier'
  | 'text'
  | 'tools'
  | 'usage'
  | 'user';

test('objects of the contract are objects of the official package', () => {
  expectTypeOf<Exact<Omit<Response, Loose>>>().toExtend<Omit<OpenAIResponse, Loose>>();
  expectTypeOf<NonNullable<Response['usage']>>().toExtend<NonNullable<OpenAIResponse['usage']>>();
  expectTypeOf<Exact<OutputItem>>().toExtend<ResponseOutputItem>();
  expectTypeOf<Exact<ChatCompletion>>().toExtend<OpenAI.Chat.ChatCompletion>();
  expectTypeOf<Exact<ChatCompletionChunk>>().toExtend<OpenAI.Chat.ChatCompletionChunk>();
  expectTypeOf<Exact<Model>>().toExtend<OpenAI.Models.Model>();
  expectTypeOf<Exact<Omit<File, 'purpose'>>>().toExtend<Omit<OpenAI.Files.FileObject, 'purpose'>>();
  expectTypeOf<Exact<FileDeleted>>().toExtend<OpenAI.Files.FileDeleted>();
  expectTypeOf<Exact<VectorStore>>().toExtend<OpenAI.VectorStores.VectorStore>();
  // A store of ours may chunk in ways that OpenAI has no name for.
  expectTypeOf<Exact<Omit<VectorStoreFile, 'chunking_strategy'>>>().toExtend<
    Omit<OpenAI.VectorStores.VectorStoreFile, 'chunking_strategy'>
  >();
  expectTypeOf<Exact<FileBatch>>().toExtend<OpenAI.VectorStores.VectorStoreFileBatch>();
  expectTypeOf<Exact<SearchResult>>().toExtend<OpenAI.VectorStores.VectorStoreSearchResponse>();
});

test('events of the contract are events of the official package', () => {
  type Inner = Exclude<ResponseStreamEvent, { response: Response }>;
  expectTypeOf<Exact<Inner>>().toExtend<OpenAIStreamEvent>();
  expectTypeOf<ResponseStreamEvent['type']>().toExtend<OpenAIStreamEvent['type']>();
});
