import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { newId } from '../../core/identifier.ts';
import {
  attachFiles,
  changeVectorStore,
  countVectorStore,
  deleteVectorStore,
  type VectorStore,
} from '../../core/ingest/vector-store.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { listingOf, listObject, listQuery } from './listing.ts';
import { jsonBody, queryString } from './validation.ts';
import {
  chunkingOf,
  chunkingStrategy,
  expiresAfter,
  fileId,
  metadata,
  storeObject,
} from './vector-store-objects.ts';

const tags = ['vector stores'];
const name = z.string().max(256);

const newStore = z.strictObject({
  name: name.optional(),
  description: z.string().max(2000).optional(),
  metadata: metadata.optional(),
  expires_after: expiresAfter.optional(),
  file_ids: z.array(fileId).max(2000).optional(),
  chunking_strategy: chunkingStrategy.optional(),
});

const changes = z.strictObject({
  name: name.nullable().optional(),
  metadata: metadata.optional(),
  expires_after: expiresAfter.nullable().optional(),
});

export const vectorStores = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    describeRoute({ summary: 'Make a vector store', tags }),
    jsonBody(newStore),
    async (c) => {
      const { services, scope } = c.var;
      const body = c.req.valid('json');
      const now = services.clock();
      const store: VectorStore = {
        id: newId('vs', services.random),
        tenantId: scope.tenantId,
        name: body.name ?? '',
        description: body.description ?? null,
        metadata: body.metadata ?? {},
        expiresAfterDays: body.expires_after?.days ?? null,
        createdAt: now,
        lastActiveAt: now,
        expiredAt: null,
      };
      if (store.expiresAfterDays !== null) await services.poke();
      await services.vectorStores.create(store);
      const chunking = chunkingOf(body.chunking_strategy);
      const attachments = (body.file_ids ?? []).map((fileId, index) => ({
        fileId,
        attributes: {},
        chunking,
        param: `file_ids[${index}]`,
      }));
      try {
        await attachFiles(services, scope, store, attachments);
      } catch (error) {
        await deleteVectorStore(services, scope, store.id);
        throw error;
      }
      return c.json(storeObject(await countVectorStore(services, scope, store.id), now));
    },
  )
  .get(
    '/',
    needs('read'),
    describeRoute({ summary: 'The vector stores', tags }),
    queryString(z.strictObject(listQuery)),
    async (c) => {
      const { services, scope } = c.var;
      const page = await services.vectorStores.list(scope.tenantId, listingOf(c.req.valid('query')));
      const now = services.clock();
      return c.json(
        listObject(
          page.data.map((store) => storeObject(store, now)),
          page.hasMore,
        ),
      );
    },
  )
  .get('/:id', needs('read'), describeRoute({ summary: 'One vector store', tags }), async (c) => {
    const { services, scope } = c.var;
    const store = await countVectorStore(services, scope, c.req.param('id'));
    if (store.counts.in_progress > 0) c.header('openai-poll-after-ms', '500');
    return c.json(storeObject(store, services.clock()));
  })
  .post(
    '/:id',
    needs('write'),
    describeRoute({ summary: "Change a vector store's name, metadata or expiry", tags }),
    jsonBody(changes),
    async (c) => {
      const { services, scope } = c.var;
      const body = c.req.valid('json');
      const changed = await changeVectorStore(services, scope, c.req.param('id'), {
        ...(body.name === undefined ? {} : { name: body.name ?? '' }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata ?? {} }),
        ...(body.expires_after === undefined ? {} : { expiresAfterDays: body.expires_after?.days ?? null }),
      });
      return c.json(storeObject(changed, services.clock()));
    },
  )
  .delete('/:id', needs('write'), describeRoute({ summary: 'Delete a vector store', tags }), async (c) => {
    const id = c.req.param('id');
    await deleteVectorStore(c.var.services, c.var.scope, id);
    return c.json({ id, object: 'vector_store.deleted', deleted: true });
  });
