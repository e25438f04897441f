import type { FormatName } from './formats.ts';
import { formatNamed, namedFormat, readableExtensions } from './formats.ts';
import { extensionOf, mediaTypeOf } from './parser.ts';
import { compoundFormat } from './recognise/compound-format.ts';
import { startsWith } from './recognise/magic.ts';
import { textFormat } from './recognise/text-format.ts';
import { pictureOf, unreadBinary } from './recognise/unread-binary.ts';
import { zipFormat } from './recognise/zip-format.ts';
import { refuse } from './refusal.ts';
import type { Source } from './source.ts';

/**
 * What a file is: its bytes where they leave no doubt (containers are opened for it), else its name, else its content type,
 * else what its first lines look like.
 *
 *  ING-52 A file is read as what it is, whatever it is called; one that cannot be read is refused by its true name, with
 *     what its owner can do.
 */
export async function formatOf(source: Source): Promise<FormatName> {
  const { filename, bytes } = source;
  const extension = extensionOf(filename);
  const named = namedFormat(extension, mediaTypeOf(source.contentType));
  const head = bytes.subarray(0, 4096);
  // A PDF may have rubbish before its mark; a text may mention the mark.
  if (startsWith(head, '%PDF-', named === undefined || named === 'pdf' ? 1024 : 0)) return 'pdf';
  const inContainer = (await zipFormat(source)) ?? compoundFormat(source);
  if (inContainer !== undefined) {
    if ('format' in inContainer) return inContainer.format;
    throw refuse(inContainer.reason, `'${filename}' cannot be read: it is ${inContainer.what}.`);
  }
  const picture = pictureOf(head);
  if (picture !== undefined) {
    throw refuse(
      'needs_ocr',
      `'${filename}' is a picture (${picture}). With "ocr": true, text in PNG and JPEG pictures is read; save another as one of them.`,
    );
  }
  const unread = unreadBinary(bytes);
  if (unread !== undefined) throw unsupported(filename, `it is ${unread}`);
  const written = isText(bytes) ? textFormat(head, extension, named) : undefined;
  if (written !== undefined) return written;
  if (named !== undefined && formatNamed(named).isBinary) {
    throw refuse(
      'malformed',
      `'${filename}' is called ${formatNamed(named).noun}, and does not contain one.`,
    );
  }
  if (!isText(bytes)) {
    throw unsupported(
      filename,
      `it is a binary file of no format that is read (${readableExtensions.join(' ')})`,
    );
  }
  return named ?? 'text';
}

const unsupported = (filename: string, why: string) =>
  refuse('unsupported_format', `'${filename}' cannot be read: ${why}.`);

/** Text has no NUL; UTF-16 has one in every second byte where it is Latin, and says so by its mark or its evenness. */
function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  if (!head.includes(0)) return true;
  if (startsWith(head, '\u00ff\u00fe') || startsWith(head, '\u00fe\u00ff')) return true;
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  return bytes.length % 2 === 0 && Math.min(even, odd) === 0 && Math.max(even, odd) > head.length / 8;
}
