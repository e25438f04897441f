import type { z } from 'zod';
import { Response as ApiResponse } from '../contract/response.ts';
import { FileContentPage } from '../contract/vector-store-files.ts';
import { VectorStoreList } from '../contract/vector-stores.ts';
import type { Answered } from '../core/evaluate/metrics/answers.ts';

/** The product as a client sees it, over its public API. */
export interface Service {
  readonly url: string;
  readonly key: string;
}

async function call<Value>(
  { url, key }: Service,
  path: string,
  schema: z.ZodType<Value>,
  body?: unknown,
): Promise<{ readonly value: Value; readonly headers: Headers }> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return { value: schema.parse(JSON.parse(text)), headers: answer.headers };
}

export async function findStore(service: Service, name: string): Promise<string> {
  let after = '';
  for (;;) {
    const { value: page } = await call(service, `/v1/vector_stores?limit=100${after}`, VectorStoreList);
    const found = page.data.find((store) => store.name === name);
    if (found !== undefined) return found.id;
    const last = page.data.at(-1);
    if (!page.has_more || last === undefined)
      throw new Error(`There is no vector store with the name "${name}"`);
    after = `&after=${last.id}`;
  }
}

export interface Question {
  readonly text: string;
  readonly vectorStoreId: string;
  readonly prompt: { readonly id: string; readonly version?: string } | null;
}

/** What answered, as the answer says it. */
export interface Source {
  readonly prompt: string | null;
  readonly model: string | null;
  readonly pipeline: string | null;
}

/** Asks as a user does, and checks every citation against the document as the API shows it. */
export async function ask(
  service: Service,
  question: Question,
): Promise<Answered & { readonly source: Source }> {
  const began = performance.now();
  const { value, headers } = await call(service, '/v1/responses', ApiResponse, {
    input: question.text,
    tools: [{ type: 'file_search', vector_store_ids: [question.vectorStoreId] }],
    ...(question.prompt === null ? {} : { prompt: question.prompt }),
    store: false,
  });
  const { output, usage, model, prompt } = value;
  const milliseconds = Math.round(performance.now() - began);
  const parts = output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .flatMap((part) => (part.type === 'output_text' ? [part] : []));
  const citations: boolean[] = [];
  for (const { file_id, quote, start, end } of parts.flatMap((part) => part.annotations)) {
    const text = await parsedText(service, question.vectorStoreId, file_id);
    citations.push(quote !== '' && text.slice(start, end) === quote);
  }
  const text = parts.map((part) => part.text).join('');
  const source: Source = {
    prompt: prompt?.version == null ? null : `${prompt.id}@${prompt.version}`,
    model,
    pipeline: headers.get('x-selvedge-pipeline'),
  };
  return { text, citations, milliseconds, dollars: usage?.cost_usd ?? 0, source };
}

async function parsedText(service: Service, store: string, file: string): Promise<string> {
  const blocks: string[] = [];
  let page = '';
  for (;;) {
    const { value: answer } = await call(
      service,
      `/v1/vector_stores/${store}/files/${file}/content${page}`,
      FileContentPage,
    );
    blocks.push(...answer.data.map((block) => block.text));
    if (!answer.has_more || answer.next_page == null) return blocks.join('\n\n');
    page = `?page=${encodeURIComponent(answer.next_page)}`;
  }
}
