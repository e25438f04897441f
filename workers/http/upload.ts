import { Readable } from 'node:stream';
import busboy from 'busboy';
import { Failure, invalid } from '../../core/failure.ts';
import { MAX_FILE_BYTES } from '../../core/ingest/limits.ts';

/** The form around the file: its other fields and the boundaries. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 64 * 1024;
const MAX_FIELD_BYTES = 1024;

export interface UploadedForm {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** All other fields; resolves when the whole form is in, so only after `bytes` was read to its end. */
  readonly fields: Promise<ReadonlyMap<string, string>>;
}

/** Opens a multipart form at its `file`, without holding the file: the caller reads it as it comes in. */
export async function openUpload(request: Request): Promise<UploadedForm> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || request.body === null) {
    throw new Failure('unsupported_media_type', "This route takes multipart/form-data with a field 'file'.");
  }
  if (Number(request.headers.get('content-length') ?? '0') > MAX_FORM_BYTES) throw tooLarge();
  const form = formReader(contentType);
  const fields = new Map<string, string>();
  const file = Promise.withResolvers<Omit<UploadedForm, 'fields'>>();
  const ended = Promise.withResolvers<ReadonlyMap<string, string>>();
  // Anyone waiting is told; an upload refused for its file leaves the rest of the form without a listener.
  ended.promise.catch(() => undefined);
  const refuse = (error: Failure) => {
    file.reject(error);
    ended.reject(error);
  };
  let files = 0;
  form.on('file', (name, stream, { filename, mimeType }) => {
    files += 1;
    if (name !== 'file' || files > 1) {
      stream.resume();
      refuse(
        invalid(
          name,
          name === 'file' ? "Only one 'file' is accepted." : `Unknown field '${name}' in the form.`,
        ),
      );
      return;
    }
    if (filename === undefined || filename === '') {
      stream.resume();
      refuse(invalid('file', "The field 'file' needs a file name."));
      return;
    }
    file.resolve({ filename, contentType: mimeType, bytes: stream });
  });
  form.on('field', (name, value, { valueTruncated }) => {
    if (valueTruncated) refuse(invalid(name, `The field '${name}' is longer than ${MAX_FIELD_BYTES} bytes.`));
    else if (fields.has(name)) refuse(invalid(name, `The field '${name}' is sent twice.`));
    else fields.set(name, value);
  });
  form.on('error', (cause: unknown) => refuse(broken(cause)));
  form.on('close', () => {
    file.reject(
      fields.has('file')
        ? invalid('file', "The field 'file' is text; send it as a file, with a file name.")
        : invalid('file', "The field 'file' is missing: the file to upload."),
    );
    ended.resolve(fields);
  });
  const source = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  source.on('error', (cause) => form.destroy(broken(cause)));
  source.pipe(form);
  return { ...(await file.promise), fields: ended.promise };
}

function formReader(contentType: string): busboy.Busboy {
  try {
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: { fieldSize: MAX_FIELD_BYTES, fields: 20 },
    });
  } catch (cause) {
    throw broken(cause);
  }
}

const broken = (cause: unknown) =>
  cause instanceof Failure
    ? cause
    : new Failure('invalid_request', 'The multipart form is not valid or broke off.', { cause });

const tooLarge = () =>
  new Failure('payload_too_large', 'The file is larger than 100 MiB less one byte.', { param: 'file' });
