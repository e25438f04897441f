import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { notFound } from '../../core/failure.ts';
import { asId, type VectorStoreId } from '../../core/identifier.ts';
import { parsedText } from '../../core/ingest/block.ts';
import { findFile } from '../../core/ingest/file.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { search } from '../../core/retrieve/search.ts';
import type { Context } from '../http/context.ts';
import { refusalsAsResults, resultOf } from './text-result.ts';

/** Vectorize takes this many stores in a filter. */
export const MAX_STORES = 10;

export const StoreIds = z
  .array(z.string().min(1))
  .min(1)
  .max(MAX_STORES)
  .optional()
  .describe('Vector stores to look in. Left out: the ten newest.');

/** The stores that a call names, or the newest ones of the tenant. */
export async function storesOf(
  c: Context,
  named: readonly string[] | undefined,
): Promise<readonly VectorStoreId[]> {
  const { services, scope } = c.var;
  if (named === undefined) {
    const listing = { limit: MAX_STORES, order: 'desc', after: null, before: null } as const;
    const { data } = await services.vectorStores.list(scope.tenantId, listing);
    return data.filter((store) => store.expiredAt === null).map(({ id }) => id);
  }
  const ids = named.map(asId<VectorStoreId>);
  for (const id of ids) await openVectorStore(services, scope.tenantId, id, 'vector_store_ids');
  return ids;
}

const DEFAULT_RESULTS = 10;

/**
 * `search` and `fetch`, with the arguments and results that OpenAI asks of a connector: a list of `{ id, title, text,
 * url }`, and one whole document by such an id. An id is a file's; `metadata` says where in its text a passage stands.
 */
export function registerDocuments(server: McpServer, c: Context): void {
  server.registerTool(
    'search',
    {
      title: 'Search documents',
      description:
        'Finds passages in the documents, best first. Use `fetch` with an id to read the whole document.',
      inputSchema: z.object({
        query: z.string().min(1).max(10_000),
        vector_store_ids: StoreIds,
        limit: z.int().min(1).max(50).default(DEFAULT_RESULTS),
      }),
      outputSchema: z.object({
        results: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            text: z.string(),
            url: z.string(),
            metadata: z.object({
              score: z.number(),
              page: z.int().nullable(),
              page_end: z.int().nullable(),
              start: z.int(),
              end: z.int(),
            }),
          }),
        ),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ query, vector_store_ids, limit }) =>
      refusalsAsResults(c, async () => {
        const { services, meter } = c.var;
        const vectorStoreIds = await storesOf(c, vector_store_ids);
        const { hits } =
          vectorStoreIds.length === 0
            ? { hits: [] }
            : await search(services, meter.work, { queries: [query], vectorStoreIds, limit });
        const results = hits.map(({ passage, score }) => ({
          id: passage.fileId,
          title: passage.title === '' ? passage.filename : `${passage.filename}: ${passage.title}`,
          text: passage.text,
          url: documentUrl(c, passage.vectorStoreId, passage.fileId),
          metadata: {
            score,
            page: passage.page,
            page_end: passage.pageEnd,
            start: passage.start,
            end: passage.end,
          },
        }));
        const lines = results.map(({ title, id, text }) => `${title} (${id})\n${text}`);
        return resultOf(lines.length === 0 ? 'Nothing was found.' : lines.join('\n\n'), { results });
      }),
  );
  server.registerTool(
    'fetch',
    {
      title: 'Read a document',
      description: 'The whole text of one document, by an id that `search` gave.',
      inputSchema: z.object({ id: z.string().min(1) }),
      outputSchema: z.object({
        id: z.string(),
        title: z.string(),
        text: z.string(),
        url: z.string(),
        metadata: z.object({ bytes: z.int() }),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ id }) =>
      refusalsAsResults(c, async () => {
        const { services, scope } = c.var;
        const file = await findFile(services, scope.tenantId, asId(id));
        const blocks = await services.contents.readBlocks(scope.tenantId, file.id);
        if (blocks === null) throw notFound('parsed document', id);
        const text = parsedText(blocks);
        const url = new URL('/documents', c.req.url).toString();
        return resultOf(text, { id, title: file.filename, text, url, metadata: { bytes: file.bytes } });
      }),
  );
}

const documentUrl = (c: Context, storeId: string, fileId: string): string =>
  new URL(`/documents/${storeId}/${fileId}`, c.req.url).toString();
