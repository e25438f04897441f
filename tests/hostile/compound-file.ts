/** Sizes and marks of [MS-CFB] 2.2, version 3: sectors of 512 bytes. */
const SECTOR = 512;
const END_OF_CHAIN = 0xfffffffe;
const FREE = 0xffffffff;
const FAT_SECTOR = 0xfffffffd;

/**
 * A compound file (what Office wrote before 2007, and still writes around an encrypted document) that has streams of
 * these names and nothing in them: a header, one sector of the allocation table, one of the directory. With `loop` the
 * directory's chain leads back to itself.
 */
export function compoundFile(
  names: readonly string[],
  { loop = false }: { readonly loop?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SECTOR * 3);
  const view = new DataView(bytes.buffer);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  const numbers = [
    [24, 0x3e, 2],
    [26, 3, 2],
    [28, 0xfffe, 2],
    [30, 9, 2],
    [32, 6, 2],
    [44, 1, 4],
    [48, 1, 4],
    [56, 4096, 4],
    [60, END_OF_CHAIN, 4],
    [68, END_OF_CHAIN, 4],
    [76, 0, 4],
  ] as const;
  for (const [at, value, size] of numbers) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  for (let at = 80; at < SECTOR; at += 4) view.setUint32(at, FREE, true);
  for (let at = SECTOR; at < SECTOR * 2; at += 4) view.setUint32(at, FREE, true);
  view.setUint32(SECTOR, FAT_SECTOR, true);
  view.setUint32(SECTOR + 4, loop ? 1 : END_OF_CHAIN, true);
  for (const [index, name] of ['Root Entry', ...names].entries()) {
    const at = SECTOR * 2 + index * 128;
    for (const [place, unit] of [...name].entries()) view.setUint16(at + place * 2, unit.charCodeAt(0), true);
    view.setUint16(at + 64, name.length * 2 + 2, true);
    bytes[at + 66] = index === 0 ? 5 : 2;
    bytes[at + 67] = 1;
    view.setUint32(at + 68, FREE, true);
    view.setUint32(at + 72, index > 0 && index < names.length ? index + 1 : FREE, true);
    view.setUint32(at + 76, index === 0 && names.length > 0 ? 1 : FREE, true);
    view.setUint32(at + 116, END_OF_CHAIN, true);
  }
  return bytes;
}
