import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../core/failure.ts';
import { parsedText } from '../../core/ingest/block.ts';
import { parseDocument } from '../../core/ingest/parse.ts';
import { compoundFile } from '../compound-file.ts';
import { zip } from '../documents.ts';
import { bytesOf, formatSamples } from '../format-samples.ts';
import {
  openDocumentFile,
  paragraph,
  presentationFile,
  sheetData,
  wordFile,
  workbookFile,
  xmlPart,
} from '../office-files.ts';

const samples = await Promise.all(
  formatSamples.map(async (sample) => ({ filename: sample.filename, bytes: await bytesOf(sample) })),
);

/** 'read', or the reason of the refusal; throws what is neither. */
async function endOf(filename: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    const blocks = await parseDocument({ filename, contentType: '', bytes });
    const text = parsedText(blocks);
    for (const block of blocks) expect(text.slice(block.start, block.end)).toBe(block.text);
    return 'read';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).not.toMatch(/undefined|is not a function|Cannot read properties/);
    return error.details.reason ?? 'without a reason';
  }
}

const reasons =
  /^(?:read|unsupported_format|empty|too_large|too_many_pages|too_deep|malformed|not_utf8|encrypted|needs_ocr)$/;

describe('ING-53: whatever becomes of a file, it is read or refused with a reason', () => {
  const anySample = fc.constantFrom(...samples);

  test('files that break off', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySample,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ({ filename, bytes }, share) => {
          expect(await endOf(filename, bytes.slice(0, Math.floor(bytes.length * share)))).toMatch(reasons);
        },
      ),
      { numRuns: 200 },
    );
  }, 120_000);

  test('files with damaged bytes', async () => {
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(anySample, damage, async ({ filename, bytes }, changes) => {
        const changed = bytes.slice();
        for (const [share, byte] of changes) changed[Math.floor(share * changed.length)] = byte;
        expect(await endOf(filename, changed)).toMatch(reasons);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  test('files under another name', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, anySample, async ({ bytes }, { filename }) => {
        expect(await endOf(filename, bytes)).toMatch(reasons);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test('any bytes under any name', async () => {
    await fc.assert(
      fc.asyncProperty(anySample, fc.uint8Array({ maxLength: 600 }), async ({ filename }, bytes) => {
        expect(await endOf(filename, Uint8Array.from(bytes))).toMatch(reasons);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

describe('documents that are made to do harm', () => {
  const cases: readonly (readonly [
    string,
    string,
    () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
    RegExp,
  ])[] = [
    [
      'a sheet that unpacks to 80 MiB',
      'a.xlsx',
      () =>
        zip({ 'xl/workbook.xml': '<workbook/>', '[Content_Types].xml': ' '.repeat(80 * 1024 * 1024) }, 10),
      /too_large/,
    ],
    [
      'a cell merged over a whole sheet',
      'a.xlsx',
      () =>
        workbookFile({
          A: `${sheetData([['x', 'y'], ['z']])}<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`,
        }),
      /read/,
    ],
    [
      'a row that is the last of a sheet',
      'a.xlsx',
      () =>
        workbookFile({
          A: '<sheetData><row r="99999999999"><c r="ZZZ99999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        }),
      /read|empty/,
    ],
    [
      'rows repeated a billion times',
      'a.ods',
      () =>
        openDocumentFile(
          'spreadsheet',
          '<table:table table:name="A"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell></table:table-row></table:table>',
        ),
      /read|too_large/,
    ],
    [
      'a text nested too deep',
      'a.odt',
      () =>
        openDocumentFile(
          'text',
          `${'<text:section>'.repeat(5_000)}<text:p>x</text:p>${'</text:section>'.repeat(5_000)}`,
        ),
      /too_deep/,
    ],
    [
      'a slide of half a million shapes',
      'a.pptx',
      () => presentationFile(['<p:sp/>'.repeat(500_000)]),
      /too_large/,
    ],
    [
      'a paragraph of half a million runs',
      'a.docx',
      () => wordFile(paragraph('<w:r/>'.repeat(500_000))),
      /too_large/,
    ],
    [
      'styles that are based on each other',
      'a.docx',
      () =>
        wordFile('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>', {
          styles:
            '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>',
        }),
      /read/,
    ],
    [
      'a document in itself',
      'a.docx',
      async () => {
        let inner = await wordFile(paragraph('x'));
        for (let depth = 0; depth < 6; depth += 1) {
          inner = await wordFile(
            '<w:altChunk r:id="c"/>',
            {},
            {
              ways: [{ type: 'aFChunk', target: 'inner.docx', id: 'c' }],
              files: { 'word/inner.docx': inner },
            },
          );
        }
        return inner;
      },
      /read/,
    ],
    [
      'a diagram whose points hang on each other sixty thousand deep, so that its reader runs out of stack',
      'a.docx',
      () => {
        const points = Array.from({ length: 60_000 }, (_, at) => at);
        const texts = points.map((at) => `<dgm:pt modelId="${at}" type="${at === 0 ? 'doc' : 'node'}"/>`);
        const links = points.map((at) => `<dgm:cxn srcId="${at}" destId="${at + 1}"/>`);
        const model = `<dgm:ptLst>${texts.join('')}</dgm:ptLst><dgm:cxnLst>${links.join('')}</dgm:cxnLst>`;
        return wordFile(
          paragraph('x'),
          {},
          {
            ways: [{ type: 'diagramData', target: 'data.xml', id: 'd' }],
            files: { 'word/data.xml': xmlPart('dgm:dataModel', model) },
          },
        );
      },
      /malformed/,
    ],
    [
      'entities that grow',
      'a.xml',
      () =>
        latin('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a><p>&c;</p></a>'),
      /read/,
    ],
    ['RTF groups without an end', 'a.rtf', () => latin(`{\\rtf1 ${'{'.repeat(100_000)}`), /too_deep/],
    [
      'a mail of parts in parts',
      'a.eml',
      () =>
        latin(
          Array.from(
            { length: 300 },
            (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
          ).join(''),
        ),
      /read|malformed|empty/,
    ],
    [
      'a container whose chain bites its tail',
      'a.msg',
      () => {
        const file = compoundFile({
          '__properties_version1.0': 'x',
          '__substg1.0_1000001F': 'y'.repeat(3_000),
        });
        const view = new DataView(file.buffer);
        const table = (view.getUint32(76, true) + 1) * 512;
        for (let sector = 0; sector < 6; sector += 1) view.setUint32(table + sector * 4, 1, true);
        return file;
      },
      /read|malformed|empty|unsupported_format/,
    ],
    [
      'subtitles of one endless line',
      'a.srt',
      () => latin(`1\n00:00:01,000 --> 00:00:02,000\n${'a'.repeat(200_000)}`),
      /read/,
    ],
    [
      'code with a line of a million brackets',
      'a.ts',
      () => latin(`const a = (${'('.repeat(1_000_000)}`),
      /read/,
    ],
    [
      'an XLSX that is a page',
      'report.xls',
      () =>
        latin(
          '<html><body><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>',
        ),
      /read/,
    ],
  ];
  test.each(cases)(
    '%s',
    async (_name, filename, make, end) => {
      expect(await endOf(filename, await make())).toMatch(end);
    },
    60_000,
  );
});

describe('Outlook messages', () => {
  const utf16 = (text: string) =>
    Uint8Array.from([...text].flatMap((one) => [one.charCodeAt(0) & 0xff, one.charCodeAt(0) >> 8]));
  test('headers, body, attachments by their own format, mails in mails', async () => {
    const fixed = new Uint8Array(32);
    const inner = {
      '__substg1.0_0037001F': utf16('Inner'),
      '__substg1.0_1000001F': utf16('Said before.'),
      '__properties_version1.0': fixed,
    };
    const file = compoundFile({
      '__properties_version1.0': fixed,
      '__substg1.0_0037001F': utf16('Lease'),
      '__substg1.0_0C1A001F': utf16('Jürg'),
      '__substg1.0_0E04001F': utf16('Ida'),
      '__substg1.0_10130102': new TextEncoder().encode('<html><body><ul><li>one</li></ul></body></html>'),
      '__attach_version1.0_#00000000': {
        '__substg1.0_3707001F': utf16('fees.csv'),
        '__substg1.0_37010102': new TextEncoder().encode('town,fee\nBern,12\nChur,19\n'),
      },
      '__attach_version1.0_#00000001': { '__substg1.0_3701000D': inner },
    });
    const blocks = await parseDocument({ filename: 'a.msg', contentType: '', bytes: file });
    expect(blocks.map(({ block, text }) => `${block}: ${text}`)).toEqual([
      'heading: Lease',
      'paragraph: From: Jürg\nTo: Ida',
      'list: - one',
      'heading: Attachment: fees.csv',
      'table: town: Bern | fee: 12\ntown: Chur | fee: 19',
      'heading: Inner',
      'paragraph: Said before.',
    ]);
  });
});
