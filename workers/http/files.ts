import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { seconds } from '../../core/clock.ts';
import { invalid, notFound } from '../../core/failure.ts';
import {
  deleteFile,
  type FilePurpose,
  filePurposes,
  findFile,
  type StoredFile,
  uploadFile,
} from '../../core/ingest/file.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { listingOf, listObject, listQuery } from './listing.ts';
import { openUpload } from './upload.ts';
import { queryString } from './validation.ts';

const tags = ['files'];
const defaultLimit = 10_000;

const shown = (file: StoredFile) => ({
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
const knownFields = new Set(['file', 'purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

function readFields(fields: ReadonlyMap<string, string>) {
  for (const name of fields.keys()) {
    if (!knownFields.has(name)) throw invalid(name, `Unknown field '${name}' in the form.`);
  }
  const purpose = fields.get('purpose');
  const oneOf = filePurposes.map((name) => `'${name}'`).join(', ');
  if (purpose === undefined) throw invalid('purpose', `The field 'purpose' is missing: one of ${oneOf}.`);
  if (!isPurpose(purpose)) {
    throw invalid('purpose', `Invalid 'purpose': '${purpose}' is not one of ${oneOf}.`);
  }
  return { purpose, expiresAfter: readExpiry(fields) };
}

const isPurpose = (name: string): name is FilePurpose => (filePurposes as readonly string[]).includes(name);

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

/** For the reference only: the form is read as it streams in. */
const form = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required: ['file', 'purpose'],
        properties: {
          file: { type: 'string' as const, format: 'binary' },
          purpose: { type: 'string' as const, enum: [...filePurposes] },
          'expires_after[anchor]': { type: 'string' as const, enum: ['created_at'] },
          'expires_after[seconds]': { type: 'integer' as const, minimum: 3_600, maximum: 2_592_000 },
        },
      },
    },
  },
};

export const files = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    describeRoute({ summary: 'Upload a file', tags, requestBody: form }),
    async (c) => {
      const upload = await openUpload(c.req.raw);
      const file = await uploadFile(c.var.services, c.var.scope, {
        ...upload,
        fields: async () => readFields(await upload.fields),
      });
      return c.json(shown(file));
    },
  )
  .get(
    '/',
    needs('read'),
    describeRoute({ summary: 'The files that were uploaded', tags }),
    queryString(
      z.strictObject({
        ...listQuery,
        limit: z.coerce.number().int().min(1).max(defaultLimit).default(defaultLimit),
        purpose: z.string().optional(),
      }),
    ),
    async (c) => {
      const query = c.req.valid('query');
      const page = await c.var.services.files.list(
        c.var.scope.tenantId,
        { purpose: query.purpose ?? null },
        listingOf(query),
      );
      return c.json(listObject(page.data.map(shown), page.hasMore));
    },
  )
  .get('/:id', needs('read'), describeRoute({ summary: 'One file', tags }), async (c) =>
    c.json(shown(await findFile(c.var.services, c.var.scope, c.req.param('id')))),
  )
  .get(
    '/:id/content',
    needs('read'),
    describeRoute({ summary: 'The bytes as uploaded', tags }),
    async (c) => {
      const file = await findFile(c.var.services, c.var.scope, c.req.param('id'));
      const bytes = await c.var.services.contents.read(file);
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
    describeRoute({ summary: 'Delete a file, also from every vector store', tags }),
    async (c) => {
      const id = c.req.param('id');
      await deleteFile(c.var.services, c.var.scope, id);
      return c.json({ id, object: 'file', deleted: true });
    },
  );
