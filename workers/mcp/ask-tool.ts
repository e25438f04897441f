import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { answer } from '../../core/answer/answer.ts';
import { noExtras } from '../../core/answer/extras.ts';
import type { Citation } from '../../core/answer/request.ts';
import { answering, answerRequest, textMessage } from '../http/answer-request.ts';
import type { Context } from '../http/context.ts';
import { StoreIds, storesOf } from './document-tools.ts';
import { refusalsAsResults, resultOf } from './text-result.ts';

/** `ask`: an answer from the documents whose every citation code has found in its document. */
export function registerAsk(server: McpServer, c: Context): void {
  server.registerTool(
    'ask',
    {
      title: 'Ask the documents',
      description:
        'Answers a question from the documents, with citations: quote, file, page and offsets. ' +
        'Without citations the documents do not hold an answer.',
      inputSchema: z.object({ question: z.string().min(1).max(10_000), vector_store_ids: StoreIds }),
      outputSchema: z.object({
        text: z.string(),
        citations: z.array(
          z.object({
            file_id: z.string(),
            filename: z.string(),
            quote: z.string(),
            page: z.int().nullable(),
            page_end: z.int().nullable(),
            start: z.int(),
            end: z.int(),
          }),
        ),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ question, vector_store_ids }) =>
      refusalsAsResults(async () => {
        const stores = await storesOf(c, vector_store_ids);
        if (stores.length === 0)
          return resultOf('There are no documents to ask.', { text: '', citations: [] });
        const { text, citations } = await ask(c, question, stores);
        const sources = citations.map(
          ({ filename, page, quote }, place) =>
            `[${place + 1}] ${filename}${page === null ? '' : `, page ${page}`}: "${quote}"`,
        );
        const structured = {
          text,
          citations: citations.map(({ fileId, filename, quote, page, pageEnd, start, end }) => ({
            file_id: fileId,
            filename,
            quote,
            page,
            page_end: pageEnd,
            start,
            end,
          })),
        };
        return resultOf([text, ...sources].join('\n'), structured);
      }),
  );
}

async function ask(c: Context, question: string, vectorStoreIds: readonly string[]) {
  const request = await answerRequest(c, {
    model: null,
    prompt: null,
    instructions: null,
    messages: [textMessage('user', question)],
    documents: {
      vectorStoreIds,
      filter: null,
      limit: null,
      weights: null,
      ranker: 'auto',
      scoreThreshold: 0,
    },
    storesParam: 'vector_store_ids',
    maxOutputTokens: null,
    temperature: null,
    topP: null,
    stop: [],
    seed: null,
    tools: [],
    toolChoice: null,
    json: null,
    extras: noExtras,
  });
  let text = '';
  const citations: Citation[] = [];
  for await (const event of answer(answering(c), c.var.scope.tenantId, request, c.var.trace.root)) {
    if (event.type === 'text') text += event.delta;
    if (event.type === 'citation') citations.push(event.citation);
  }
  return { text, citations };
}
