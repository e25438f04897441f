import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { parseEml } from './eml.ts';

/** A mailbox in one file (RFC 4155): mails behind lines that begin with "From ". */
export async function* parseMbox(
  bytes: Uint8Array<ArrayBuffer>,
  readInner: ReadInner,
): AsyncGenerator<Draft> {
  for (const mail of mailsIn(bytes)) yield* parseEml(mail, readInner);
}

const NEW_LINE = 0x0a;
const MARK = Array.from('From ', (character) => character.charCodeAt(0));

function* mailsIn(bytes: Uint8Array<ArrayBuffer>): Iterable<Uint8Array<ArrayBuffer>> {
  let start = -1;
  let isAfterBlank = true;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(NEW_LINE, at);
    const end = found < 0 ? bytes.length : found + 1;
    // A line of a mail that begins so is escaped by most writers, and stands behind no blank line in the others.
    if (isAfterBlank && MARK.every((byte, offset) => bytes[at + offset] === byte)) {
      if (start >= 0) yield bytes.subarray(start, at);
      start = end;
    }
    isAfterBlank = end - at <= 2;
    at = end;
  }
  if (start >= 0) yield bytes.subarray(start);
}
