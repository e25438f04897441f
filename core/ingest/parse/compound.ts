import { refuse } from '../refusal.ts';

/**
 * The container of old Office files and Outlook messages: a file system in a file ([MS-CFB] 13.0). Every chain of sectors
 * is followed for no more steps than the file has sectors, so that one that bites its tail ends.
 */
export interface CompoundEntry {
  readonly name: string;
  readonly isStorage: boolean;
  readonly children: readonly CompoundEntry[];
  /** The content of a stream; empty for a storage. */
  read(): Uint8Array<ArrayBuffer>;
}

const HEADER_SIZE = 512;
const ENTRY_SIZE = 128;
/** Larger numbers mark the end of a chain, a free sector and such. */
const MAX_SECTOR = 0xfffffffa;
/** [MS-CFB] 2.6.1: of `Object Type` and of the ids of siblings and children. */
const STORAGE = 1;
const STREAM = 2;
const NOTHING = 0xffffffff;
const MAX_ENTRIES = 20_000;
const MAX_NESTING = 30;

export const isCompoundFile = (bytes: Uint8Array): boolean =>
  [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].every((byte, at) => bytes[at] === byte);

/** What stands in the root storage. */
export function readCompoundFile(bytes: Uint8Array<ArrayBuffer>): readonly CompoundEntry[] {
  try {
    return new CompoundFile(bytes).entries();
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged(cause);
    throw cause;
  }
}

const damaged = (cause?: unknown) =>
  refuse(
    'malformed',
    'The file is damaged or was not uploaded whole: its inner directory cannot be read.',
    cause,
  );

class CompoundFile {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #sectorSize: number;
  readonly #miniSectorSize: number;
  readonly #miniCutoff: number;
  readonly #table: readonly number[];
  #miniTable: readonly number[] = [];
  #miniStream: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sectorSize = 2 ** this.#view.getUint16(30, true);
    this.#miniSectorSize = 2 ** this.#view.getUint16(32, true);
    this.#miniCutoff = this.#view.getUint32(56, true);
    if (![512, 4096].includes(this.#sectorSize) || this.#miniSectorSize > this.#sectorSize) throw damaged();
    this.#table = this.#allocationTable();
  }

  entries(): readonly CompoundEntry[] {
    const directory = this.#chain(this.#view.getUint32(48, true));
    const view = new DataView(directory.buffer);
    const count = Math.min(Math.floor(directory.byteLength / ENTRY_SIZE), MAX_ENTRIES);
    if (count === 0) throw damaged();
    this.#miniTable = numbersIn(this.#chain(this.#view.getUint32(60, true)));
    const root = { start: view.getUint32(116, true), size: view.getUint32(120, true) };
    this.#miniStream = this.#chain(root.start).subarray(0, root.size);
    const seen = new Set<number>();
    const siblings = (first: number, depth: number): readonly CompoundEntry[] => {
      const found: CompoundEntry[] = [];
      const waiting = [first];
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (id === NOTHING || id >= count || seen.has(id)) continue;
        seen.add(id);
        const at = id * ENTRY_SIZE;
        waiting.push(view.getUint32(at + 72, true), view.getUint32(at + 68, true));
        const type = view.getUint8(at + 66);
        if (type !== STORAGE && type !== STREAM) continue;
        const length = Math.max(0, Math.min(view.getUint16(at + 64, true), 64) - 2);
        const start = view.getUint32(at + 116, true);
        const size = view.getUint32(at + 120, true);
        found.push({
          name: new TextDecoder('utf-16le').decode(directory.subarray(at, at + length)),
          isStorage: type === STORAGE,
          children:
            type === STORAGE && depth < MAX_NESTING ? siblings(view.getUint32(at + 76, true), depth + 1) : [],
          read: () => (type === STREAM ? this.#stream(start, size) : new Uint8Array()),
        });
      }
      return found;
    };
    return siblings(view.getUint32(76, true), 0);
  }

  #stream(start: number, size: number): Uint8Array<ArrayBuffer> {
    if (size >= this.#miniCutoff) return this.#chain(start).subarray(0, size);
    const whole = new Uint8Array(Math.min(size, this.#miniStream.byteLength));
    let at = 0;
    for (const sector of follow(this.#miniTable, start)) {
      if (at >= whole.byteLength) break;
      const from = sector * this.#miniSectorSize;
      const piece = this.#miniStream.subarray(
        from,
        from + Math.min(this.#miniSectorSize, whole.byteLength - at),
      );
      whole.set(piece, at);
      at += this.#miniSectorSize;
    }
    return whole;
  }

  #chain(start: number): Uint8Array<ArrayBuffer> {
    const sectors = [...follow(this.#table, start)];
    const whole = new Uint8Array(sectors.length * this.#sectorSize);
    for (const [index, sector] of sectors.entries())
      whole.set(this.#sector(sector), index * this.#sectorSize);
    return whole;
  }

  #sector(number: number): Uint8Array<ArrayBuffer> {
    const from = (number + 1) * this.#sectorSize;
    return this.#bytes.subarray(from, from + this.#sectorSize);
  }

  /** The list of the table's own sectors: 109 in the header, the others in a chain of sectors of such lists. */
  #allocationTable(): readonly number[] {
    const most = Math.ceil(this.#bytes.byteLength / this.#sectorSize);
    const sectors: number[] = [];
    const take = (at: number, count: number) => {
      for (let index = 0; index < count; index += 1) {
        const sector = this.#view.getUint32(at + index * 4, true);
        if (sector < MAX_SECTOR) sectors.push(sector);
      }
    };
    take(76, (HEADER_SIZE - 76) / 4);
    let next = this.#view.getUint32(68, true);
    for (let steps = 0; next < MAX_SECTOR && steps < most; steps += 1) {
      const at = (next + 1) * this.#sectorSize;
      take(at, this.#sectorSize / 4 - 1);
      next = this.#view.getUint32(at + this.#sectorSize - 4, true);
    }
    return [...new Set(sectors)].flatMap((sector) => numbersIn(this.#sector(sector)));
  }
}

const numbersIn = (bytes: Uint8Array<ArrayBuffer>): readonly number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, index) =>
    view.getUint32(index * 4, true),
  );
};

function* follow(table: readonly number[], start: number): Iterable<number> {
  let sector = start;
  for (let steps = 0; sector < table.length && steps < table.length; steps += 1) {
    yield sector;
    sector = table[sector] ?? NOTHING;
  }
}
