import { createMiddleware } from 'hono/factory';
import { validator } from 'hono-openapi';
import type { ZodType } from 'zod';
import { Failure, invalid } from '../../core/failure.ts';
import type { Routes } from './context.ts';
import { clearest, expectation, type Issue, pathOf } from './issue.ts';

/** JSON bodies stop here, before anything is parsed (`api.md`: 4 MiB; files have their own limit). */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;

function refuse(issues: readonly Issue[], where: string): never {
  const issue = clearest(issues[0] ?? { message: 'is not valid' });
  const param = pathOf(issue);
  if (param === '') throw new Failure('invalid_request', `Invalid ${where}: ${expectation(issue)}.`);
  throw invalid(
    param,
    issue.code === 'unrecognized_keys'
      ? `Unknown field '${param}' in the ${where}.`
      : `Invalid '${param}': ${expectation(issue)}.`,
  );
}

/** Reads a JSON body up to the limit and checks it; `c.req.valid('json')` then has the parsed value. */
export const jsonBody = <Schema extends ZodType>(schema: Schema) =>
  validator('json', schema, (result) => {
    if (!result.success) refuse(result.error as readonly Issue[], 'body');
  });

export const queryString = <Schema extends ZodType>(schema: Schema) =>
  validator('query', schema, (result) => {
    if (!result.success) refuse(result.error as readonly Issue[], 'query');
  });

/** Refuses by media type, size and syntax before a schema sees the body. */
export const bodyLimits = createMiddleware<Routes>(async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'DELETE') return next();
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') {
    if (c.req.path === '/v1/files') return next();
    throw new Failure('unsupported_media_type', `This route takes application/json, not ${type}.`);
  }
  const length = Number(c.req.header('content-length') ?? '0');
  if (length > MAX_JSON_BYTES) throw tooLarge();
  const hasBody = c.req.raw.body !== null && c.req.header('content-length') !== '0';
  if (!hasBody) {
    // Some clients name a type and send nothing: to a route that wants a body it is one without fields.
    c.req.bodyCache.text = Promise.resolve('{}') as unknown as string;
    return next();
  }
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new Failure(
      'unsupported_media_type',
      `This route takes application/json, not ${type === '' ? 'a body without a content type' : type}.`,
    );
  }
  const text = await readWithin(c.req.raw.body, MAX_JSON_BYTES);
  try {
    JSON.parse(text);
  } catch {
    throw new Failure('invalid_request', 'The body is not valid JSON.');
  }
  // Schemas pass over this one name in silence, and what is not supported is refused.
  if (namesPrototype(text)) throw invalid('__proto__', "'__proto__' cannot be the name of a field.");
  c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
  return next();
});

/** Whether any object has this key, also where its letters are written as escapes. */
function namesPrototype(text: string): boolean {
  if (!/__proto__|\\u00/i.test(text)) return false;
  let found = false;
  JSON.parse(text, (key, value: unknown) => {
    found ||= key === '__proto__';
    return value;
  });
  return found;
}

const tooLarge = () =>
  new Failure(
    'payload_too_large',
    `The body is larger than ${MAX_JSON_BYTES / 1024 / 1024} MiB, the limit for JSON.`,
  );

async function readWithin(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.byteLength;
    if (size > limit) throw tooLarge();
    pieces.push(piece);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return new TextDecoder().decode(bytes);
}
