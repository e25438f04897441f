import { refuse } from '../refusal.ts';
import { inflated } from './inflate.ts';

/** PKWARE's APPNOTE 6.3.10: signatures and fixed sizes of the two records that are read here. */
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;

/**
 * Unpacks a ZIP container, counting the bytes that really come out: what the directory claims is never
 * believed, so a bomb stops at the limit. Only stored and deflated entries exist in office files.
 *
 * Whoever reads the container after this (mammoth's JSZip) must find the same entries, or a bomb could hide from
 * one of two readers. So the directory has to end where the end record begins and to hold as many entries as it
 * says: no bytes in front, no second part, no ZIP64.
 */
export async function unzip(
  bytes: Uint8Array<ArrayBuffer>,
  limit: { readonly bytes: number; readonly files: number },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Uint8Array>();
  let left = limit.bytes;
  try {
    const end = findEnd(view);
    const count = view.getUint16(end + 10, true);
    const isSplit = view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count;
    const hasGap = view.getUint32(end + 16, true) + view.getUint32(end + 12, true) !== end;
    if (isSplit || hasGap) throw malformed();
    if (count > limit.files) throw tooLarge(`more than ${limit.files} files`);
    let at = view.getUint32(end + 16, true);
    for (let index = 0; index < count; index += 1) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw malformed();
      const method = view.getUint16(at + 10, true);
      const size = view.getUint32(at + 20, true);
      const nameLength = view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength));
      const local = view.getUint32(at + 42, true);
      const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (start + size > bytes.byteLength) throw malformed();
      const packed = bytes.subarray(start, start + size);
      const content = await unpack(packed, method, left);
      left -= content.byteLength;
      entries.set(name, content);
      at += ENTRY_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    if (at !== end) throw malformed();
  } catch (cause) {
    if (cause instanceof RangeError) throw malformed(cause);
    throw cause;
  }
  return entries;
}

const malformed = (cause?: unknown) => refuse('malformed', 'The ZIP container is damaged.', cause);
const tooLarge = (what: string) => refuse('too_large', `The ZIP container unpacks to ${what}.`);

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw malformed();
}

async function unpack(packed: Uint8Array<ArrayBuffer>, method: number, limit: number): Promise<Uint8Array> {
  const over = () => tooLarge('more than it may');
  if (method === 0) {
    if (packed.byteLength > limit) throw over();
    return packed;
  }
  if (method !== 8) throw malformed();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of inflated(packed, 'deflate-raw')) {
      size += piece.byteLength;
      if (size > limit) throw over();
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed(cause);
    throw cause;
  }
  return concatenate(pieces, size);
}

function concatenate(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
