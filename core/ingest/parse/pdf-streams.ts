import { MAX_PDF_STREAM_BYTES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { inflated } from './inflate.ts';

/** What deflate packs at most into a byte (RFC 1951: 258 bytes in two bits); a shorter stream cannot be a bomb. */
const MOST_A_BYTE = 1_032;
/** Characters before `stream` in which its dictionary stands; those of streams are short. */
const DICTIONARY_LENGTH = 500;

/**
 * pdf.js unpacks a stream whole before it reads of it, whatever comes out: 400 KB can be 400 MB. So every deflated
 * stream that may be read for text is unpacked here first, counted and thrown away. Pictures are not read; a bomb
 * behind a second filter or in an encrypted file is not seen.
 */
export async function refuseBombs(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const text = new TextDecoder('latin1').decode(bytes);
  for (const { index, 0: mark } of text.matchAll(/\bstream\r?\n/g)) {
    const from = index + mark.length;
    const end = text.indexOf('endstream', from);
    // workerd refuses bytes behind the end of what is packed, such as the line end before `endstream`.
    const to = text.slice(from, end < 0 ? undefined : end).trimEnd().length + from;
    if ((to - from) * MOST_A_BYTE <= MAX_PDF_STREAM_BYTES) continue;
    const dictionary = text.slice(Math.max(0, index - DICTIONARY_LENGTH), index);
    const own = dictionary.slice(dictionary.lastIndexOf(' obj') + 1);
    if (!/\/(?:FlateDecode|Fl)\b/.test(own) || /\/Image\b/.test(own)) continue;
    if (await unpacksBeyond(bytes.subarray(from, to), MAX_PDF_STREAM_BYTES)) {
      const limit = MAX_PDF_STREAM_BYTES / 1024 / 1024;
      throw refuse('too_large', `The PDF holds a stream that unpacks to more than ${limit} MiB.`);
    }
  }
}

/** A damaged stream is left to pdf.js, which reads it up to the damage, as this does. */
async function unpacksBeyond(packed: Uint8Array<ArrayBuffer>, limit: number): Promise<boolean> {
  let size = 0;
  try {
    for await (const piece of inflated(packed, 'deflate')) {
      size += piece.byteLength;
      if (size > limit) return true;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return false;
}
