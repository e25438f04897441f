import { Hono } from 'hono';
import { z } from 'zod';
import {
  CreateFileForm,
  File,
  FileDeleted,
  FileList,
  FileListQuery,
  FilePurpose,
} from '../../contract/files.ts';
import { exampleFile, exampleList } from '../../contract/openai-examples.ts';
import { seconds } from '../../core/clock.ts';
import { invalid, notFound } from '../../core/failure.ts';
import { asId, type FileId } from '../../core/identifier.ts';
import { deleteFile, findFile, type StoredFile, uploadFile } from '../../core/ingest/file.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { orderedRangeOf, serializeList } from './paging.ts';
import { openUpload } from './upload.ts';
import { queryString } from './validation.ts';

const tag = 'files';

const serializeFile = (file: StoredFile): File => ({
  id: file.id,
  object: 'file',
  bytes: file.bytes,
  created_at: seconds(file.createdAt),
  filename: file.filename,
  purpose: file.purpose,
  status: 'processed',
  ...(file.expiresAt === null ? {} : { expires_at: seconds(file.expiresAt) }),
});

/** The form's fields beside the file. OpenAI's clients write `expires_after` as two fields with brackets. */
const knownFields: ReadonlySet<string> = new Set(Object.keys(CreateFileForm.shape));

function readFields(fields: ReadonlyMap<string, string>) {
  for (const name of fields.keys()) {
    if (!knownFields.has(name)) throw invalid(name, `Unknown field '${name}' in the form.`);
  }
  const purpose = fields.get('purpose');
  const oneOf = FilePurpose.options.map((name) => `'${name}'`).join(', ');
  if (purpose === undefined) throw invalid('purpose', `The field 'purpose' is missing: one of ${oneOf}.`);
  const known = FilePurpose.safeParse(purpose);
  if (!known.success) {
    throw invalid('purpose', `Invalid 'purpose': '${purpose}' is not one of ${oneOf}.`);
  }
  return { purpose: known.data, expiresAfter: readExpiry(fields) };
}

function readExpiry(fields: ReadonlyMap<string, string>): number | null {
  const anchor = fields.get('expires_after[anchor]');
  const text = fields.get('expires_after[seconds]');
  if (anchor === undefined && text === undefined) return null;
  if (anchor !== 'created_at') {
    throw invalid('expires_after[anchor]', "Invalid 'expires_after[anchor]': it must be 'created_at'.");
  }
  const after = Number(text);
  if (!Number.isInteger(after) || after < 3600 || after > 2_592_000) {
    throw invalid(
      'expires_after[seconds]',
      "Invalid 'expires_after[seconds]': a whole number from 3600 to 2592000 is expected.",
    );
  }
  return after;
}

export const files = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    operation({
      summary: 'Upload a file',
      tag,
      form: CreateFileForm,
      answers: { 200: { schema: File, example: exampleFile } },
    }),
    async (c) => {
      const upload = await openUpload(c.req.raw);
      const file = await uploadFile(c.var.services, c.var.scope, {
        ...upload,
        fields: async () => readFields(await upload.fields),
      });
      return c.json(serializeFile(file));
    },
  )
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List the files that were uploaded',
      tag,
      answers: { 200: { schema: FileList, example: exampleList(exampleFile) } },
    }),
    queryString(FileListQuery),
    async (c) => {
      const query = c.req.valid('query');
      const page = await c.var.services.files.list(
        c.var.scope.tenantId,
        { purpose: query.purpose ?? null },
        orderedRangeOf(query),
      );
      return c.json<FileList>(serializeList(page, serializeFile));
    },
  )
  .get(
    '/:id',
    needs('read'),
    operation({ summary: 'Read one file', tag, answers: { 200: { schema: File, example: exampleFile } } }),
    async (c) =>
      c.json(serializeFile(await findFile(c.var.services, c.var.scope.tenantId, asId(c.req.param('id'))))),
  )
  .get(
    '/:id/content',
    needs('read'),
    operation({
      summary: 'Download the bytes as they were uploaded',
      tag,
      answers: {
        200: {
          type: 'application/octet-stream',
          schema: z.string().meta({ format: 'binary' }),
          example: '# Warranty',
        },
      },
    }),
    async (c) => {
      const file = await findFile(c.var.services, c.var.scope.tenantId, asId(c.req.param('id')));
      const bytes = await c.var.services.contents.read(file.tenantId, file.id);
      if (bytes === null) throw notFound('file', file.id);
      // Whatever was uploaded is a download: it must never run as a page of this origin.
      return c.body(bytes, 200, {
        'content-type': 'application/octet-stream',
        'content-length': String(file.bytes),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
        'x-content-type-options': 'nosniff',
      });
    },
  )
  .delete(
    '/:id',
    needs('write'),
    operation({
      summary: 'Delete a file, also from every vector store',
      tag,
      answers: {
        200: { schema: FileDeleted, example: { id: exampleFile.id, object: 'file', deleted: true } },
      },
    }),
    async (c) => {
      const id = asId<FileId>(c.req.param('id'));
      await deleteFile(c.var.services, c.var.scope.tenantId, id);
      return c.json<FileDeleted>({ id, object: 'file', deleted: true });
    },
  );
