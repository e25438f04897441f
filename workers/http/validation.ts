import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { validator } from 'hono-openapi';
import type { ZodType } from 'zod';
import { Failure, invalid } from '../../core/failure.ts';
import type { Context, Routes } from './context.ts';
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

const queryValidators = new WeakSet<object>();

export const queryString = <Schema extends ZodType>(schema: Schema) => {
  const checks = validator('query', schema, (result) => {
    if (!result.success) refuse(result.error as readonly Issue[], 'query');
  });
  queryValidators.add(checks);
  return checks;
};

/** Whether a handler waits behind the middleware: middleware is registered for every method. */
const isRoute = (c: Context): boolean => matchedRoutes(c).some(({ method }) => method !== 'ALL');

/** Under `/api`, a route without `queryString` takes no query: a parameter that does nothing is a mistake. */
export const noStrayQuery = createMiddleware<Routes>(async (c, next) => {
  const [param] = Object.keys(c.req.queries());
  if (
    param !== undefined &&
    isRoute(c) &&
    !matchedRoutes(c).some(({ handler }) => queryValidators.has(handler))
  ) {
    throw invalid(param, `Unknown query parameter '${param}': this route takes none.`);
  }
  return next();
});

/** Refuses by media type, encoding, size and syntax before a schema sees the body; an unknown route before all of that. */
export const bodyLimits = createMiddleware<Routes>(async (c, next) => {
  if (!isRoute(c)) return next();
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'DELETE') return next();
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') {
    if (c.req.path === '/v1/files') {
      if (encoding !== 'identity') throw unknownEncoding(encoding);
      return next();
    }
    throw new Failure('unsupported_media_type', `This route takes application/json, not ${type}.`);
  }
  const length = Number(c.req.header('content-length') ?? '0');
  if (length > MAX_JSON_BYTES) throw tooLarge();
  const hasBody = c.req.raw.body !== null && c.req.header('content-length') !== '0';
  if (!hasBody) {
    // Some clients name a type and send nothing: to a route that wants a body it is one without fields.
    keepBody(c.req, '{}');
    return next();
  }
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new Failure(
      'unsupported_media_type',
      `This route takes application/json, not ${type === '' ? 'a body without a content type' : type}.`,
    );
  }
  const text = await readWithin(decodedBody(c.req.raw.body, encoding), MAX_JSON_BYTES);
  try {
    JSON.parse(text);
  } catch {
    throw new Failure('invalid_request', 'The body is not valid JSON.');
  }
  // Schemas pass over this one name in silence, and what is not supported is refused.
  if (namesPrototype(text)) throw invalid('__proto__', "'__proto__' cannot be the name of a field.");
  keepBody(c.req, text);
  return next();
});

/** What the route reads in place of the body, which has been read. Hono keeps promises here; its type says texts. */
function keepBody(request: Pick<HonoRequest, 'bodyCache'>, text: string): void {
  request.bodyCache.text = Promise.resolve(text) as unknown as string;
}

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

const unknownEncoding = (encoding: string) =>
  new Failure(
    'unsupported_media_type',
    `The content encoding '${encoding}' is not supported here: send JSON as gzip, deflate or as it is, and forms as they are.`,
  );

/** What the limit counts is what comes out: a small body that unpacks to gigabytes ends at the limit. */
function decodedBody(
  body: ReadableStream<Uint8Array> | null,
  encoding: string,
): ReadableStream<Uint8Array> | null {
  if (encoding === 'identity' || body === null) return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate') throw unknownEncoding(encoding);
  return body.pipeThrough(new DecompressionStream(encoding === 'deflate' ? 'deflate' : 'gzip'));
}

async function readWithin(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of body ?? []) {
      size += piece.byteLength;
      if (size > limit) throw tooLarge();
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'invalid_request',
      'The body ended early, or is not encoded as its content-encoding says.',
      {
        cause,
      },
    );
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return new TextDecoder().decode(bytes);
}
