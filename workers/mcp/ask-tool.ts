import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { wholeAnswer } from '../../core/answer/answer.ts';
import { serializeQuote } from '../../core/answer/citation.ts';
import { prepareAnswer } from '../../core/answer/prepare.ts';
import { textMessage } from '../../core/models/conversation.ts';
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
            ocr: z.object({ confidence: z.number().nullable() }).optional(),
            start: z.int(),
            end: z.int(),
          }),
        ),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ question, vector_store_ids }) =>
      refusalsAsResults(c, async () => {
        const { services, meter } = c.var;
        const stores = await storesOf(c, vector_store_ids);
        if (stores.length === 0)
          return resultOf('There are no documents to ask.', { text: '', citations: [] });
        const { events } = await prepareAnswer(services, meter.work, {
          messages: [textMessage('user', question)],
          documents: { vectorStoreIds: stores },
          storesParam: 'vector_store_ids',
        });
        const { text, citations } = await wholeAnswer(events);
        const sources = citations.map(
          ({ filename, page, quote }, place) =>
            `[${place + 1}] ${filename}${page === null ? '' : `, page ${page}`}: "${quote}"`,
        );
        const structured = { text, citations: citations.map(serializeQuote) };
        return resultOf([text, ...sources].join('\n'), structured);
      }),
  );
}
