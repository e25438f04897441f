/** OLE2 containers ([MS-CFB]) built by hand, for tests: streams by name, storages as records. */
export interface Storage {
  readonly [name: string]: string | Uint8Array | Storage;
}

interface Entry {
  readonly name: string;
  readonly type: number;
  child: number;
  sibling: number;
  start: number;
  size: number;
}

const SECTOR = 512;
const NOTHING = 0xffffffff;
const END = 0xfffffffe;
const TABLE = 0xfffffffd;

/** Every stream in whole sectors, none in the mini stream: its cut-off is set to 0. Siblings hang in one row. */
export function compoundFile(root: Storage): Uint8Array<ArrayBuffer> {
  const entries: Entry[] = [];
  const sectors: Uint8Array[] = [];
  const next: number[] = [];
  const write = (content: Uint8Array): number => {
    if (content.byteLength === 0) return END;
    const first = sectors.length;
    for (let at = 0; at < content.byteLength; at += SECTOR) {
      const sector = new Uint8Array(SECTOR);
      sector.set(content.subarray(at, at + SECTOR));
      sectors.push(sector);
      next.push(at + SECTOR < content.byteLength ? sectors.length : END);
    }
    return first;
  };
  const add = (name: string, type: number, content: Uint8Array): Entry => {
    const entry = {
      name,
      type,
      child: NOTHING,
      sibling: NOTHING,
      start: write(content),
      size: content.byteLength,
    };
    entries.push(entry);
    return entry;
  };
  const fill = (parent: Entry, storage: Storage): void => {
    let before: Entry | undefined;
    for (const [name, content] of Object.entries(storage)) {
      const id = entries.length;
      const isStream = typeof content === 'string' || content instanceof Uint8Array;
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const entry = add(name, isStream ? 2 : 1, bytes instanceof Uint8Array ? bytes : new Uint8Array());
      if (before === undefined) parent.child = id;
      else before.sibling = id;
      before = entry;
      if (!isStream) fill(entry, content as Storage);
    }
  };
  fill(add('Root Entry', 5, new Uint8Array()), root);
  const directory = new Uint8Array(Math.ceil(entries.length / 4) * SECTOR);
  const view = new DataView(directory.buffer);
  for (const [index, entry] of entries.entries()) {
    const at = index * 128;
    for (let place = 0; place < entry.name.length; place += 1) {
      view.setUint16(at + place * 2, entry.name.charCodeAt(place), true);
    }
    view.setUint16(at + 64, (entry.name.length + 1) * 2, true);
    view.setUint8(at + 66, entry.type);
    view.setUint32(at + 68, NOTHING, true);
    view.setUint32(at + 72, entry.sibling, true);
    view.setUint32(at + 76, entry.child, true);
    view.setUint32(at + 116, entry.start, true);
    view.setUint32(at + 120, entry.size, true);
  }
  const directoryStart = write(directory);
  const tableSectors = Math.ceil((sectors.length + 1) / (SECTOR / 4 - 1)) + 1;
  const table = new Uint8Array(tableSectors * SECTOR).fill(0xff);
  const tableView = new DataView(table.buffer);
  next.forEach((sector, index) => {
    tableView.setUint32(index * 4, sector, true);
  });
  const tableStart = sectors.length;
  for (let index = 0; index < tableSectors; index += 1)
    tableView.setUint32((tableStart + index) * 4, TABLE, true);
  const header = new Uint8Array(SECTOR);
  const head = new DataView(header.buffer);
  header.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  head.setUint16(26, 3, true);
  head.setUint16(28, 0xfffe, true);
  head.setUint16(30, 9, true);
  head.setUint16(32, 6, true);
  head.setUint32(44, tableSectors, true);
  head.setUint32(48, directoryStart, true);
  head.setUint32(60, END, true);
  head.setUint32(68, END, true);
  for (let index = 0; index < 109; index += 1) {
    head.setUint32(76 + index * 4, index < tableSectors ? tableStart + index : NOTHING, true);
  }
  const whole = new Uint8Array(SECTOR * (1 + sectors.length + tableSectors));
  whole.set(header);
  sectors.forEach((sector, index) => {
    whole.set(sector, SECTOR * (index + 1));
  });
  whole.set(table, SECTOR * (tableStart + 1));
  return whole;
}
