/** The clients that are run, each by a script of its own in `python/` or `javascript/`. */
export interface Client {
  readonly name: string;
  readonly script: string;
  readonly argument?: string;
  /** Python: the file that names its packages. */
  readonly requirements?: string;
  /** JavaScript: the folder that has its packages, where they are not the repository's own. */
  readonly packages?: string;
  /** It counts tokens before it asks, with OpenAI's vocabulary, which it would fetch. */
  readonly vocabulary?: true;
}

const newest = 'requirements.txt';
export const openai2 = 'requirements-openai-2.txt';

export const clients: readonly Client[] = [
  { name: 'openai (Python)', script: 'python/openai_sdk.py', requirements: newest },
  { name: 'openai 2 (Python)', script: 'python/openai_sdk.py', requirements: openai2 },
  { name: 'openai (TypeScript)', script: 'javascript/openai-sdk.ts' },
  { name: 'AI SDK, openai()', script: 'javascript/ai-sdk.ts', argument: 'responses' },
  { name: 'AI SDK, openai.chat()', script: 'javascript/ai-sdk.ts', argument: 'chat' },
  { name: 'LangChain (Python)', script: 'python/langchain_sdk.py', requirements: newest, vocabulary: true },
  {
    name: 'LangChain (JavaScript)',
    script: 'javascript-others/langchain.mjs',
    packages: 'javascript-others',
  },
  { name: 'LlamaIndex', script: 'python/llama_index_sdk.py', requirements: openai2 },
  { name: 'OpenAI Agents SDK (Python)', script: 'python/agents_sdk.py', requirements: newest },
  {
    name: 'OpenAI Agents SDK (JavaScript)',
    script: 'javascript-others/agents.mjs',
    packages: 'javascript-others',
  },
  { name: 'pydantic-ai', script: 'python/pydantic_ai_sdk.py', requirements: newest },
  { name: 'Instructor', script: 'python/instructor_sdk.py', requirements: openai2 },
  { name: 'Haystack', script: 'python/haystack_sdk.py', requirements: newest },
  { name: 'AutoGen', script: 'python/autogen_sdk.py', requirements: newest },
  { name: 'smolagents', script: 'python/smolagents_sdk.py', requirements: newest },
];
