import { refuse } from '../refusal.ts';
import { inflated } from './inflate.ts';

/** PKWARE's APPNOTE 6.3.10: signatures and fixed sizes of the records that are read here. */
const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const END_LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
/** Stands where the true number is in the ZIP64 field. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;

export interface ZipLimit {
  /** Bytes that may come out of all entries that are read. */
  readonly bytes: number;
  readonly files: number;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly localAt: number;
  readonly packedSize: number;
}

/**
 * A ZIP container whose entries are unpacked when they are asked for. The bytes that really come out are counted over
 * all of them: what the directory claims is never believed, so a bomb stops at the limit. An entry that is read again
 * counts once.
 */
export class ZipContainer {
  readonly names: readonly string[];
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #entries = new Map<string, Entry>();
  readonly #counted = new Map<string, number>();
  readonly #limit: ZipLimit;

  constructor(bytes: Uint8Array<ArrayBuffer>, limit: ZipLimit) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#limit = limit;
    const entries = readDirectory(bytes, limit.files);
    // Names of an OPC package are compared without case (ECMA-376-2, 6.2.2.3); some writers put backslashes.
    for (const entry of entries) this.#entries.set(keyOf(entry.name), entry);
    this.names = entries.map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#entries.has(keyOf(name));
  }

  /** The whole entry; undefined where there is none of this name. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!this.has(name)) return undefined;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.stream(name)) {
      pieces.push(piece);
      size += piece.byteLength;
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.byteLength;
    }
    return whole;
  }

  /** The entry in pieces as they are unpacked; nothing where there is none of this name. */
  async *stream(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(keyOf(name));
    if (entry === undefined) return;
    if (entry.isEncrypted) throw refuse('encrypted', 'The ZIP container is protected by a password.');
    let size = 0;
    const others = [...this.#counted].reduce((sum, [key, one]) => (key === keyOf(name) ? sum : sum + one), 0);
    try {
      for await (const piece of unpack(this.#packed(entry), entry.method)) {
        size += piece.byteLength;
        if (others + size > this.#limit.bytes) throw tooLarge('more than it may');
        yield piece;
      }
    } catch (cause) {
      // What DecompressionStream throws at damaged data.
      if (cause instanceof TypeError) throw malformed(cause);
      throw cause;
    } finally {
      this.#counted.set(keyOf(name), Math.max(size, this.#counted.get(keyOf(name)) ?? 0));
    }
  }

  #packed(entry: Entry): Uint8Array<ArrayBuffer> {
    try {
      const { localAt, packedSize } = entry;
      const header =
        LOCAL_SIZE + this.#view.getUint16(localAt + 26, true) + this.#view.getUint16(localAt + 28, true);
      const start = localAt + header;
      if (start + packedSize > this.#bytes.byteLength) throw malformed();
      return this.#bytes.subarray(start, start + packedSize);
    } catch (cause) {
      throw cause instanceof RangeError ? malformed(cause) : cause;
    }
  }
}

const keyOf = (name: string): string => name.toLowerCase();

const viewOf = (bytes: Uint8Array<ArrayBuffer>): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const malformed = (cause?: unknown) =>
  refuse('malformed', 'The ZIP container is damaged or was not uploaded whole.', cause);
const tooLarge = (what: string) => refuse('too_large', `The ZIP container unpacks to ${what}.`);

function readDirectory(bytes: Uint8Array<ArrayBuffer>, maxFiles: number): readonly Entry[] {
  const view = viewOf(bytes);
  const entries: Entry[] = [];
  try {
    const { count, start, shift, end } = findDirectory(view);
    if (count > maxFiles) throw tooLarge(`more than ${maxFiles} files`);
    let at = start;
    for (let index = 0; index < count; index += 1) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw malformed();
      const nameLength = view.getUint16(at + 28, true);
      const extraLength = view.getUint16(at + 30, true);
      const nameAt = at + ENTRY_SIZE;
      const zip64 = new Zip64Field(
        view,
        nameAt + nameLength,
        extraLength,
        view.getUint32(at + 24, true) === IN_ZIP64,
      );
      const packedSize = zip64.next(view.getUint32(at + 20, true));
      entries.push({
        name: new TextDecoder().decode(bytes.subarray(nameAt, nameAt + nameLength)).replaceAll('\\', '/'),
        method: view.getUint16(at + 10, true),
        isEncrypted: (view.getUint16(at + 8, true) & 1) !== 0,
        packedSize,
        localAt: zip64.next(view.getUint32(at + 42, true)) + shift,
      });
      at += ENTRY_SIZE + nameLength + extraLength + view.getUint16(at + 32, true);
    }
    // A directory that says it has fewer entries than it has would hide some.
    if (at !== end) throw malformed();
  } catch (cause) {
    if (cause instanceof RangeError) throw malformed(cause);
    throw cause;
  }
  return entries;
}

/** `shift`: bytes that stand before the container, as a program that unpacks itself has them. */
function findDirectory(view: DataView): {
  readonly count: number;
  readonly start: number;
  readonly shift: number;
  readonly end: number;
} {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const claimed = view.getUint32(end + 16, true);
  const locator = end - LOCATOR_SIZE;
  if (locator >= 0 && view.getUint32(locator, true) === END_LOCATOR_64) {
    const end64 = Number(view.getBigUint64(locator + 8, true));
    if (end64 > locator || view.getUint32(end64, true) !== END_OF_DIRECTORY_64) throw malformed();
    return {
      count: Number(view.getBigUint64(end64 + 32, true)),
      start: Number(view.getBigUint64(end64 + 48, true)),
      shift: 0,
      end: end64,
    };
  }
  const start = end - size;
  if (start < claimed) throw malformed();
  return { count, start, shift: start - claimed, end };
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw malformed();
}

/** The extra field that holds, in order, the numbers for which the entry has `IN_ZIP64`: unpacked size, packed size, place. */
class Zip64Field {
  readonly #view: DataView;
  #at = 0;

  constructor(view: DataView, start: number, length: number, skipsSize: boolean) {
    this.#view = view;
    for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
      if (view.getUint16(at, true) === ZIP64_FIELD) {
        this.#at = at + (skipsSize ? 12 : 4);
        return;
      }
    }
  }

  next(value: number): number {
    if (value !== IN_ZIP64) return value;
    if (this.#at === 0) throw malformed();
    this.#at += 8;
    return Number(this.#view.getBigUint64(this.#at - 8, true));
  }
}

/** Office files have stored and deflated entries only. */
async function* unpack(packed: Uint8Array<ArrayBuffer>, method: number): AsyncGenerator<Uint8Array> {
  if (method === 0) yield packed;
  else if (method === 8) yield* inflated(packed, 'deflate-raw');
  else
    throw refuse(
      'unsupported_format',
      `The ZIP container is packed by a method that is not read (${method}).`,
    );
}
