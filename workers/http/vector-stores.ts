import { Hono } from 'hono';
import { ListQuery } from '../../contract/listing.ts';
import { exampleList, exampleStore } from '../../contract/openai-examples.ts';
import { createStoreRequest, updateStoreRequest } from '../../contract/openai-request-examples.ts';
import {
  CreateVectorStoreRequest,
  UpdateVectorStoreRequest,
  VectorStoreDeleted,
  VectorStoreList,
  VectorStore as VectorStoreSchema,
} from '../../contract/vector-stores.ts';
import { asId, type FileId, newId, type VectorStoreId } from '../../core/identifier.ts';
import { attachFiles } from '../../core/ingest/attachment.ts';
import {
  changeVectorStore,
  countVectorStore,
  deleteVectorStore,
  type VectorStore,
} from '../../core/ingest/vector-store.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { orderedRangeOf, serializeList } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';
import { chunkingOf, serializeStore } from './vector-store-objects.ts';

const tag = 'vector stores';
const one = { 200: { schema: VectorStoreSchema, example: exampleStore } };
export const vectorStores = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    operation({ summary: 'Create a vector store', tag, request: createStoreRequest, answers: one }),
    jsonBody(CreateVectorStoreRequest),
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
        ocr: body.ocr ?? null,
        chunking: chunkingOf(body.chunking_strategy),
        createdAt: now,
        lastActiveAt: now,
        expiredAt: null,
      };
      if (store.expiresAfterDays !== null) await services.wakeSweeper();
      await services.vectorStores.create(store);
      const attachments = (body.file_ids ?? []).map((id, index) => ({
        fileId: asId<FileId>(id),
        attributes: {},
        chunking: null,
        ocr: null,
        param: `file_ids[${index}]`,
      }));
      try {
        await attachFiles(services, scope, store, attachments);
      } catch (error) {
        await deleteVectorStore(services, scope.tenantId, store.id);
        throw error;
      }
      return c.json(serializeStore(await countVectorStore(services, scope.tenantId, store.id), now));
    },
  )
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List the vector stores',
      tag,
      answers: { 200: { schema: VectorStoreList, example: exampleList(exampleStore) } },
    }),
    queryString(ListQuery),
    async (c) => {
      const { services, scope } = c.var;
      const page = await services.vectorStores.list(scope.tenantId, orderedRangeOf(c.req.valid('query')));
      const now = services.clock();
      return c.json<VectorStoreList>(serializeList(page, (store) => serializeStore(store, now)));
    },
  )
  .get(
    '/:id',
    needs('read'),
    operation({ summary: 'Read one vector store', tag, answers: one }),
    async (c) => {
      const { services, scope } = c.var;
      const store = await countVectorStore(services, scope.tenantId, asId(c.req.param('id')));
      if (store.counts.in_progress > 0) c.header('openai-poll-after-ms', '500');
      return c.json(serializeStore(store, services.clock()));
    },
  )
  .post(
    '/:id',
    needs('write'),
    operation({
      summary: "Change a vector store's name, metadata or expiry",
      tag,
      request: updateStoreRequest,
      answers: one,
    }),
    jsonBody(UpdateVectorStoreRequest),
    async (c) => {
      const { services, scope } = c.var;
      const body = c.req.valid('json');
      const changed = await changeVectorStore(services, scope.tenantId, asId(c.req.param('id')), {
        ...(body.name === undefined ? {} : { name: body.name ?? '' }),
        ...(body.ocr === undefined ? {} : { ocr: body.ocr }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata ?? {} }),
        ...(body.expires_after === undefined ? {} : { expiresAfterDays: body.expires_after?.days ?? null }),
      });
      return c.json(serializeStore(changed, services.clock()));
    },
  )
  .delete(
    '/:id',
    needs('write'),
    operation({
      summary: 'Delete a vector store',
      tag,
      answers: {
        200: {
          schema: VectorStoreDeleted,
          example: { id: exampleStore.id, object: 'vector_store.deleted', deleted: true },
        },
      },
    }),
    async (c) => {
      const id = asId<VectorStoreId>(c.req.param('id'));
      await deleteVectorStore(c.var.services, c.var.scope.tenantId, id);
      return c.json<VectorStoreDeleted>({ id, object: 'vector_store.deleted', deleted: true });
    },
  );
