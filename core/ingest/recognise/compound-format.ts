import { isCompoundFile, readCompoundFile } from '../parse/compound.ts';
import { extensionOf } from '../parser.ts';
import type { Source } from '../source.ts';
import type { Recognised } from './recognised.ts';

/** Stream of the root storage → what the file is. */
const unread: readonly (readonly [string, string])[] = [
  ['WordDocument', 'an old Word document (.doc): save it as .docx'],
  ['Workbook', 'an old Excel workbook (.xls): save it as .xlsx'],
  ['Book', 'an old Excel workbook (.xls): save it as .xlsx'],
  ['PowerPoint Document', 'an old PowerPoint presentation (.ppt): save it as .pptx'],
  ['VisioDocument', 'an old Visio drawing (.vsd): save it as PDF'],
  ['Quill', 'a Publisher document (.pub): save it as PDF'],
];

const encrypted = (what: string): Recognised => ({
  reason: 'encrypted',
  what: `${what}: take its password off, and upload it again`,
});

const encryptedByExtension: Readonly<Record<string, string>> = {
  doc: 'an encrypted Word document',
  xls: 'an encrypted Excel workbook',
  ppt: 'an encrypted PowerPoint presentation',
};

/** What an OLE2 container holds; undefined where the file is none. */
export function compoundFormat({ bytes, filename }: Source): Recognised | undefined {
  if (!isCompoundFile(bytes)) return undefined;
  const entries = readCompoundFile(bytes);
  const find = (name: string) => entries.find((entry) => entry.name === name);
  if (find('EncryptedPackage') !== undefined) {
    const extension = extensionOf(filename).slice(0, 3);
    return encrypted(encryptedByExtension[extension] ?? 'an encrypted Office document');
  }
  // The first of the flags that stand at 10 in the header of a Word file ([MS-DOC] 2.5.2, fEncrypted).
  if (((find('WordDocument')?.read()[11] ?? 0) & 1) !== 0)
    return encrypted('an encrypted old Word document (.doc)');
  if (find('__properties_version1.0') !== undefined) return { format: 'msg' };
  const found = unread.find(([name]) => find(name) !== undefined);
  const what =
    found?.[1] ?? 'an old binary Office file: save it in a current format (.docx, .xlsx, .pptx, PDF)';
  return { reason: 'unsupported_format', what };
}
