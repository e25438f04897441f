import {
  type Catalogue,
  type ChatEntry,
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_PICTURE_TOKENS,
  type ModelEntry,
} from './catalogue.ts';

/** The provider's id in the public price table (`@pydantic/genai-prices`). */
const CLOUDFLARE = 'cloudflare';

const hosted = (model: string) => ({
  name: model,
  target: { kind: 'workers-ai', model } as const,
  price: { kind: 'table', provider: CLOUDFLARE, model } as const,
});

const workersAi: readonly ModelEntry[] = [
  {
    ...hosted('@cf/meta/llama-3.3-70b-instruct-fp8-fast'),
    task: 'chat',
    capabilities: {
      answers: 'generate',
      tools: true,
      jsonSchema: true,
      contextTokens: 24_000,
      maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    },
  },
  {
    ...hosted('@cf/baai/bge-small-en-v1.5'),
    task: 'embedding',
    dimensions: 384,
    maxTokens: 512,
    // From the model card: queries carry the instruction, passages do not.
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
  },
  { ...hosted('@cf/baai/bge-reranker-base'), task: 'rerank', maxTokens: 512 },
  {
    ...hosted('@cf/mistralai/mistral-small-3.1-24b-instruct'),
    task: 'ocr',
    maxInputTokens: DEFAULT_PICTURE_TOKENS,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
  },
];

const chat = (kind: 'openai' | 'anthropic', model: string, contextTokens: number): ChatEntry => ({
  name: model,
  task: 'chat',
  target: { kind, model },
  price: { kind: 'table', provider: kind, model },
  capabilities: {
    answers: 'generate',
    tools: true,
    jsonSchema: true,
    contextTokens,
    // They think before they answer, and what they think counts.
    maxOutputTokens: 16_384,
  },
});

const openAi = [chat('openai', 'gpt-5-mini', 400_000), chat('openai', 'gpt-5-nano', 400_000)];
const anthropic = [
  chat('anthropic', 'claude-haiku-4-5', 200_000),
  chat('anthropic', 'claude-sonnet-4-5', 200_000),
];

/** Without configuration: Workers AI, and the providers for which there is a key. */
export const builtInCatalogue = (keys: {
  readonly openai: boolean;
  readonly anthropic: boolean;
}): Catalogue => ({
  entries: [...workersAi, ...(keys.openai ? openAi : []), ...(keys.anthropic ? anthropic : [])],
  aliases: {
    default: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
    'default-embedding': '@cf/baai/bge-small-en-v1.5',
    'default-rerank': '@cf/baai/bge-reranker-base',
    'default-ocr': '@cf/mistralai/mistral-small-3.1-24b-instruct',
  },
});
