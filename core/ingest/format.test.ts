import { describe, expect, test } from 'vitest';
import { compoundFile } from '../../tests/compound-file.ts';
import { docx, pdf, zip } from '../../tests/documents.ts';
import { Failure } from '../failure.ts';
import { formatOf } from './format.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

const named = (filename: string, bytes: Uint8Array<ArrayBuffer> | string, contentType = '') =>
  formatOf({ filename, contentType, bytes: typeof bytes === 'string' ? bytesOf(bytes) : bytes });

async function refusalOf(filename: string, bytes: Uint8Array<ArrayBuffer> | string) {
  const error = await named(filename, bytes).catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error(`It was taken for ${String(error)}.`);
  return `${error.details.reason}: ${error.message}`;
}

describe('what a file is', () => {
  test('ING-52: bytes go before the name, and the name before the content type', async () => {
    expect(await named('letter.txt', pdf([[]]))).toBe('pdf');
    expect(await named('contract', await docx(['x']))).toBe('docx');
    expect(await named('contract.pdf', await docx(['x']))).toBe('docx');
    expect(await named('notes.md', 'plain', 'text/csv')).toBe('markdown');
    expect(await named('notes', 'plain', 'text/csv; charset=utf-8')).toBe('csv');
    expect(await named('notes', 'plain')).toBe('text');
  });

  test.each([
    [
      'a password',
      'plan.docx',
      compoundFile({ EncryptedPackage: '' }),
      /encrypted: .*an encrypted Word document/,
    ],
    [
      'a password',
      'plan.xlsx',
      compoundFile({ EncryptedPackage: '' }),
      /encrypted: .*an encrypted Excel workbook/,
    ],
    [
      'old Word',
      'plan.doc',
      compoundFile({ WordDocument: '' }),
      /unsupported_format: .*old Word.*save it as \.docx/,
    ],
    [
      'old Excel',
      'plan.xls',
      compoundFile({ Workbook: '' }),
      /unsupported_format: .*old Excel.*save it as \.xlsx/,
    ],
    ['old Excel by another name', 'plan.docx', compoundFile({ Workbook: '' }), /old Excel workbook/],
    ['a picture', 'scan.jpg', '\u00ff\u00d8\u00ff\u00e0', /needs_ocr: .*picture \(JPEG\).*"ocr": true/],
    ['a film', 'talk.mp4', '\0\0\0\u0018ftypisom', /unsupported_format: .*film.*\.vtt/],
    ['an archive', 'all.7z', '7z\u00bc\u00af\u0027\u001c', /archive \(\.7z\): unpack it/],
    ['a program', 'setup.exe', `MZ${'\0'.repeat(58)}\u0050\0${'\0'.repeat(18)}PE\0\0`, /a program/],
    ['bytes of no kind', 'data.bin', 'a\0\0\u0001\u0002b', /unsupported_format: .*binary file.*\.docx/],
    ['bytes too few for any kind', 'a.png', '\u0089P\0', /unsupported_format: .*binary file/],
    ['a PDF by name only', 'a.pdf', 'hello', /malformed: 'a\.pdf' is called a PDF, and does not contain one/],
  ])('ING-52: %s is refused by its true name', async (_name, filename, bytes, message) => {
    expect(await refusalOf(filename, bytes)).toMatch(message);
  });

  test('ING-52: a ZIP is told by what is in it', async () => {
    const documents = await zip({ 'a.docx': 'x', 'b/c.pdf': 'y' });
    expect(await refusalOf('all.zip', documents)).toMatch(
      /ZIP archive of 2 files \(\.docx, \.pdf\): unpack it/,
    );
    expect(await refusalOf('plan.pages', await zip({ 'Index/Document.iwa': 'x' }))).toMatch(/Pages/);
    const types = '<Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>';
    expect(await refusalOf('a.xlsx', await zip({ '[Content_Types].xml': types }))).toMatch(/\.xlsb/);
    const locked = await zip({ mimetype: 'application/epub+zip' });
    const at = bytesOf('PK\u0001\u0002');
    const directory = locked.findIndex((_, index) =>
      at.every((byte, offset) => locked[index + offset] === byte),
    );
    locked[directory + 8] = 1;
    expect(await refusalOf('a.epub', locked)).toMatch(/^encrypted: .*password/);
  });
});
