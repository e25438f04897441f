import { Hono } from 'hono';
import {
  exampleBatch,
  exampleContent,
  exampleList,
  exampleStoreFile,
} from '../../contract/openai-examples.ts';
import {
  attachFileRequest,
  batchRequest,
  updateStoreFileRequest,
} from '../../contract/openai-request-examples.ts';
import {
  CreateFileBatchRequest,
  CreateVectorStoreFileRequest,
  FileBatch,
  type FileContentBlock,
  FileContentPage,
  UpdateVectorStoreFileRequest,
  VectorStoreFile,
  VectorStoreFileDeleted,
  VectorStoreFileList,
  VectorStoreFileListQuery,
} from '../../contract/vector-store-files.ts';
import { notFound } from '../../core/failure.ts';
import { asId, type BatchId, type FileId } from '../../core/identifier.ts';
import {
  type Attachment,
  attachFiles,
  describeDocument,
  detachFile,
  findDocument,
} from '../../core/ingest/attachment.ts';
import type { Block, RecognizedText } from '../../core/ingest/block.ts';
import { cancelBatch, createBatch } from '../../core/ingest/file-batch.ts';
import { findVectorStore, openVectorStore } from '../../core/ingest/vector-store.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { operation } from './operation.ts';
import { orderedRangeOf, serializeList } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';
import { chunkingOf, serializeBatch, serializeDocument } from './vector-store-objects.ts';

const tag = 'vector store files';
const oneFile = { 200: { schema: VectorStoreFile, example: exampleStoreFile } };
const oneBatch = { 200: { schema: FileBatch, example: exampleBatch } };
const fileList = { 200: { schema: VectorStoreFileList, example: exampleList(exampleStoreFile) } };

/** OpenAI's clients poll every 5 s unless they are told better; a small document takes less than one. */
const POLL_AFTER_MS = '500';

function attachmentsOf(body: CreateFileBatchRequest): readonly Attachment[] {
  const files = body.files ?? (body.file_ids ?? []).map((file_id) => ({ ...body, file_id }));
  return files.map((file, index) => ({
    fileId: asId(file.file_id),
    attributes: file.attributes ?? {},
    chunking: chunkingOf(file.chunking_strategy),
    ocr: file.ocr ?? null,
    param: body.files === undefined ? `file_ids[${index}]` : `files[${index}].file_id`,
  }));
}

const storeOf = (c: Context) =>
  findVectorStore(c.var.services, c.var.scope.tenantId, asId(c.req.param('store') ?? ''));
const usedStoreOf = (c: Context) =>
  openVectorStore(c.var.services, c.var.scope.tenantId, asId(c.req.param('store') ?? ''));

async function batchOf(c: Context) {
  const { services, scope } = c.var;
  const id = asId<BatchId>(c.req.param('batch') ?? '');
  const store = await storeOf(c);
  const batch = await services.vectorStores.findBatch(scope.tenantId, store.id, id);
  if (batch === null) throw notFound('file batch', id);
  return batch;
}

async function list(c: Context, query: VectorStoreFileListQuery, batchId: BatchId | null) {
  const { services, scope } = c.var;
  const store = await storeOf(c);
  const filter = { vectorStoreId: store.id, batchId, status: query.filter ?? null };
  const page = await services.documents.list(scope.tenantId, filter, orderedRangeOf(query));
  return c.json<VectorStoreFileList>(serializeList(page, serializeDocument));
}

export const vectorStoreFiles = new Hono<Routes>()
  .post(
    '/:store/files',
    needs('write'),
    operation({
      summary: 'Attach a file to a vector store',
      tag,
      request: attachFileRequest,
      answers: oneFile,
    }),
    jsonBody(CreateVectorStoreFileRequest),
    async (c) => {
      const { services, scope } = c.var;
      const { file_id, ...body } = c.req.valid('json');
      const fileId = asId<FileId>(file_id);
      const store = await usedStoreOf(c);
      const chunking = chunkingOf(body.chunking_strategy);
      const attachment = {
        fileId,
        attributes: body.attributes ?? {},
        chunking,
        ocr: body.ocr ?? null,
        param: 'file_id',
      };
      await attachFiles(services, scope, store, [attachment]);
      return c.json(serializeDocument(await findDocument(services, scope.tenantId, store.id, fileId)));
    },
  )
  .get(
    '/:store/files',
    needs('read'),
    operation({ summary: 'List the files of a vector store', tag, answers: fileList }),
    queryString(VectorStoreFileListQuery),
    (c) => list(c, c.req.valid('query'), null),
  )
  .get(
    '/:store/files/:file',
    needs('read'),
    operation({ summary: 'Read one file of a vector store', tag, answers: oneFile }),
    async (c) => {
      const { services, scope } = c.var;
      const store = await storeOf(c);
      const document = await findDocument(services, scope.tenantId, store.id, asId(c.req.param('file')));
      if (document.status === 'in_progress') c.header('openai-poll-after-ms', POLL_AFTER_MS);
      return c.json(serializeDocument(document));
    },
  )
  .post(
    '/:store/files/:file',
    needs('write'),
    operation({
      summary: "Replace a file's attributes",
      tag,
      request: updateStoreFileRequest,
      answers: oneFile,
    }),
    jsonBody(UpdateVectorStoreFileRequest),
    async (c) => {
      const { services, scope } = c.var;
      const store = await storeOf(c);
      const document = await findDocument(services, scope.tenantId, store.id, asId(c.req.param('file')));
      const { attributes: given } = c.req.valid('json');
      return c.json(serializeDocument(await describeDocument(services, document, given ?? {})));
    },
  )
  .delete(
    '/:store/files/:file',
    needs('write'),
    operation({
      summary: 'Detach a file from a vector store; the file itself stays',
      tag,
      answers: {
        200: {
          schema: VectorStoreFileDeleted,
          example: { id: exampleStoreFile.id, object: 'vector_store.file.deleted', deleted: true },
        },
      },
    }),
    async (c) => {
      const { services, scope } = c.var;
      const store = await storeOf(c);
      const id = asId<FileId>(c.req.param('file'));
      await detachFile(services, scope.tenantId, store.id, id);
      return c.json<VectorStoreFileDeleted>({ id, object: 'vector_store.file.deleted', deleted: true });
    },
  )
  .get(
    '/:store/files/:file/content',
    needs('read'),
    operation({
      summary: 'Read the parsed text as typed blocks in reading order',
      tag,
      answers: { 200: { schema: FileContentPage, example: exampleContent } },
    }),
    async (c) => {
      const { services, scope } = c.var;
      const store = await storeOf(c);
      const document = await findDocument(services, scope.tenantId, store.id, asId(c.req.param('file')));
      const blocks = (await services.contents.readBlocks(scope.tenantId, document.fileId)) ?? [];
      return c.json<FileContentPage>({
        object: 'vector_store.file_content.page',
        data: blocks.map(serializeBlock),
        has_more: false,
        next_page: null,
      });
    },
  )
  .post(
    '/:store/file_batches',
    needs('write'),
    operation({
      summary: 'Attach many files to a vector store',
      tag,
      request: batchRequest,
      answers: oneBatch,
    }),
    jsonBody(CreateFileBatchRequest),
    async (c) => {
      const { services, scope } = c.var;
      const store = await usedStoreOf(c);
      const { id } = await createBatch(services, scope, store, attachmentsOf(c.req.valid('json')));
      const batch = await services.vectorStores.findBatch(scope.tenantId, store.id, id);
      if (batch === null) throw notFound('file batch', id);
      return c.json(serializeBatch(batch));
    },
  )
  .get(
    '/:store/file_batches/:batch',
    needs('read'),
    operation({ summary: 'Read one batch of files', tag, answers: oneBatch }),
    async (c) => {
      const batch = await batchOf(c);
      if (batch.counts.in_progress > 0) c.header('openai-poll-after-ms', POLL_AFTER_MS);
      return c.json(serializeBatch(batch));
    },
  )
  .post(
    '/:store/file_batches/:batch/cancel',
    needs('write'),
    operation({ summary: 'Cancel what is still in progress in a batch', tag, answers: oneBatch }),
    async (c) => {
      await cancelBatch(c.var.services, c.var.scope.tenantId, await batchOf(c));
      return c.json(serializeBatch(await batchOf(c)));
    },
  )
  .get(
    '/:store/file_batches/:batch/files',
    needs('read'),
    operation({ summary: 'List the files of a batch', tag, answers: fileList }),
    queryString(VectorStoreFileListQuery),
    async (c) => list(c, c.req.valid('query'), (await batchOf(c)).id),
  );

const serializeRecognized = ({ confidence, words }: RecognizedText): FileContentBlock['ocr'] => ({
  confidence,
  words: words.map(({ bbox, ...word }) => ({ ...word, bbox: [...bbox] })),
});

const serializeBlock = ({ bbox, rows, headerRows, pageBreaks, ocr, ...block }: Block): FileContentBlock => ({
  type: 'text',
  ...block,
  ...(bbox === undefined ? {} : { bbox: [...bbox] }),
  ...(rows === undefined ? {} : { rows: rows.map((row) => [...row]) }),
  ...(ocr === undefined ? {} : { ocr: serializeRecognized(ocr) }),
  ...(headerRows === undefined ? {} : { header_rows: headerRows }),
  ...(pageBreaks === undefined ? {} : { page_breaks: pageBreaks.map((one) => ({ ...one })) }),
});
