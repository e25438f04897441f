import type { RefusalReason } from '../../core/ingest/refusal.ts';
import { docxOf, encryptedPdf, pdf, zip } from '../documents.ts';
import { compoundFile } from './compound-file.ts';
import { docxEntries, goodRows, W, xlsxEntries } from './seeds.ts';

/** What may come of a hostile file: it is read, or refused for one of these reasons. */
export type Verdict = 'read' | RefusalReason;

export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is true of it; undefined where every reason may be. */
  readonly verdicts?: readonly Verdict[];
}

const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'));
const MEBI = 1024 * 1024;

/** Files that somebody made to harm, each in one way that is known to have harmed a reader. */
export async function craftedFiles(): Promise<readonly HostileFile[]> {
  return [
    ...(await bombs()),
    ...(await nested()),
    ...(await locked()),
    ...mislabelled(),
    ...(await lies()),
    ...long(),
  ];
}

async function bombs(): Promise<readonly HostileFile[]> {
  const zeros = new Uint8Array(80 * MEBI);
  const spaces = (count: number) => ' '.repeat(count);
  const tooLarge: readonly Verdict[] = ['too_large'];
  const laughs = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">${Array.from(
    { length: 12 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join('')}]>`;
  const sheetOf = (attributes: string) =>
    xlsxEntries(`<row r="1"><c r="A1" ${attributes}</c></row>${goodRows}`);
  return [
    { name: 'zeros.docx', bytes: await zip({ 'word/document.xml': zeros }), verdicts: tooLarge },
    {
      name: 'modest-claim.docx',
      bytes: await zip({ 'word/document.xml': zeros }, 100),
      verdicts: ['too_large', 'malformed'],
    },
    {
      name: 'blank.docx',
      bytes: await docxOf(`<w:p><w:r><w:t>${spaces(70 * MEBI)}</w:t></w:r></w:p>`),
      verdicts: tooLarge,
    },
    {
      name: 'one-run.docx',
      bytes: await docxOf(`<w:p><w:r><w:t>${'word '.repeat(3_000_000)}</w:t></w:r></w:p>`),
    },
    { name: 'empty-paragraphs.docx', bytes: await docxOf('<w:p/>'.repeat(2_000_000)) },
    {
      name: 'cells.docx',
      bytes: await docxOf(`<w:tbl>${'<w:tr><w:tc><w:p/></w:tc></w:tr>'.repeat(300_000)}</w:tbl>`),
    },
    {
      name: 'wide-span.docx',
      bytes: await docxOf(
        `<w:tbl>${'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>'.repeat(500)}</w:tbl>`,
      ),
    },
    {
      name: 'many-files.docx',
      bytes: await zip(Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`word/${at}.xml`, 'a']))),
    },
    {
      name: 'laughs.docx',
      bytes: await zip({
        ...docxEntries(''),
        'word/document.xml': `${laughs}<w:document ${W}><w:body><w:p><w:r><w:t>&l12;</w:t></w:r></w:p></w:body></w:document>`,
      }),
    },
    { name: 'laughs.xml', bytes: encode(`${laughs}<a>&l12;</a>`) },
    {
      name: 'laughs.svg',
      bytes: encode(`${laughs}<svg xmlns="http://www.w3.org/2000/svg"><text>&l12;</text></svg>`),
    },
    {
      name: 'outside.xml',
      bytes: encode('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    },
    { name: 'far-cell.xlsx', bytes: await zip(sheetOf('t="n"><v>1</v></c><c r="XFD1048576"><v>2</v>')) },
    {
      name: 'far-row.xlsx',
      bytes: await zip(xlsxEntries(`<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>`)),
    },
    {
      name: 'merged-all.xlsx',
      bytes: await zip({
        ...xlsxEntries(goodRows),
        'xl/worksheets/sheet1.xml': `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>${goodRows}</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>`,
      }),
    },
    {
      name: 'many-cells.xlsx',
      bytes: await zip(
        xlsxEntries(
          Array.from(
            { length: 60_000 },
            (_, row) => `<row r="${row + 1}">${'<c><v>1</v></c>'.repeat(20)}</row>`,
          ).join(''),
        ),
      ),
    },
    {
      name: 'repeated.ods',
      bytes: await zip({
        mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
        'content.xml':
          '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet><table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>a</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>',
      }),
    },
    { name: 'stream.pdf', bytes: await streamBomb(), verdicts: tooLarge },
    {
      name: 'spans.html',
      bytes: encode(`<table>${'<tr><td colspan=1000 rowspan=65000>a</td></tr>'.repeat(400)}</table>`),
    },
    { name: 'entities.html', bytes: encode(`<p>${'&amp;'.repeat(1_000_000)}`) },
    {
      name: 'attributes.html',
      bytes: encode(`<p ${Array.from({ length: 200_000 }, (_, at) => `a${at}=1`).join(' ')}>text`),
    },
    {
      name: 'open-tags.html',
      bytes: encode('<p>a<b>'.repeat(100_000)),
      verdicts: ['too_deep', 'read', 'too_large'],
    },
    {
      name: 'base64.eml',
      bytes: encode(
        `Subject: a\nMIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${'QUFB'.repeat(2_000_000)}`,
      ),
    },
    {
      name: 'picture.ipynb',
      bytes: encode(
        JSON.stringify({
          cells: [
            {
              cell_type: 'code',
              metadata: {},
              source: ['a = 1'],
              outputs: [
                {
                  output_type: 'display_data',
                  data: { 'image/png': 'QUFB'.repeat(2_000_000) },
                  metadata: {},
                },
              ],
            },
          ],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        }),
      ),
    },
    { name: 'numbers.json', bytes: encode(`[${'1,'.repeat(2_000_000)}1]`), verdicts: tooLarge },
    { name: 'long-number.json', bytes: encode(`{"a":${'9'.repeat(1_000_000)}}`) },
    { name: 'columns.csv', bytes: encode(`${'a,'.repeat(1_500_000)}\n`) },
    { name: 'nothing.csv', bytes: encode('\n'.repeat(5_000_000)), verdicts: ['empty', 'too_large'] },
    { name: 'group-picture.rtf', bytes: encode(`{\\rtf1{\\pict ${'ff'.repeat(4_000_000)}}text\\par}`) },
    { name: 'skips.rtf', bytes: encode(`{\\rtf1\\uc1000000000 ${'\\u8364?'.repeat(100_000)}}`) },
    { name: 'bin.rtf', bytes: encode('{\\rtf1\\bin2147483647 abc}') },
  ];
}

/** A page whose content unpacks to 60 MiB. */
async function streamBomb(): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Response(new Uint8Array(60 * MEBI).fill(32)).body?.pipeThrough(
    new CompressionStream('deflate'),
  );
  const content = Buffer.from(await new Response(packed ?? null).arrayBuffer()).toString('latin1');
  return latin1(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n${content}\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n`,
  );
}

async function nested(): Promise<readonly HostileFile[]> {
  const deep = 60_000;
  const tooDeep: readonly Verdict[] = ['too_deep'];
  const word = (open: string, close: string, count: number) =>
    docxOf(`${open.repeat(count)}<w:p><w:r><w:t>a</w:t></w:r></w:p>${close.repeat(count)}`);
  const boundary = (at: number) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n`;
  return [
    { name: 'deep.json', bytes: encode('['.repeat(deep) + ']'.repeat(deep)), verdicts: tooDeep },
    {
      name: 'deep-objects.json',
      bytes: encode(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`),
      verdicts: tooDeep,
    },
    { name: 'deep.jsonl', bytes: encode(`${'['.repeat(deep)}${']'.repeat(deep)}\n{"a":1}\n`) },
    { name: 'deep.ipynb', bytes: encode(`{"cells":${'['.repeat(deep)}${']'.repeat(deep)},"nbformat":4}`) },
    { name: 'deep.html', bytes: encode(`${'<div>'.repeat(deep)}a`), verdicts: tooDeep },
    { name: 'deep-tables.html', bytes: encode(`${'<table><tr><td>'.repeat(3_000)}a`), verdicts: tooDeep },
    { name: 'deep-lists.html', bytes: encode(`${'<ul><li>'.repeat(deep)}a`), verdicts: tooDeep },
    { name: 'deep-svg.html', bytes: encode(`<p>a</p>${'<svg><g>'.repeat(deep)}`) },
    { name: 'deep-math.html', bytes: encode(`<p>a <math>${'<mrow>'.repeat(deep)}<mi>x</mi></math>`) },
    { name: 'deep.xml', bytes: encode(`${'<a>'.repeat(deep)}b${'</a>'.repeat(deep)}`) },
    {
      name: 'deep.svg',
      bytes: encode(
        `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(deep)}<text>a</text>${'</g>'.repeat(deep)}</svg>`,
      ),
    },
    {
      name: 'deep-tables.docx',
      bytes: await word('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>', 20_000),
      verdicts: tooDeep,
    },
    {
      name: 'deep-sdt.docx',
      bytes: await word('<w:sdt><w:sdtContent>', '</w:sdtContent></w:sdt>', 20_000),
      verdicts: tooDeep,
    },
    { name: 'deep-cdata.docx', bytes: await docxOf(`<!--${'<a>'.repeat(1000)}-->${'<w:x>'.repeat(20_000)}`) },
    { name: 'deep.rtf', bytes: encode(`{\\rtf1 ${'{'.repeat(deep)}a${'}'.repeat(deep)}}`) },
    {
      name: 'deep.eml',
      bytes: encode(
        `Subject: a\nMIME-Version: 1.0\n${Array.from({ length: 5_000 }, (_, at) => boundary(at)).join('')}Content-Type: text/plain\n\nhello\n`,
      ),
    },
    {
      name: 'forwarded.eml',
      bytes: encode(
        `Subject: a\nMIME-Version: 1.0\n${'Content-Type: message/rfc822\n\nSubject: b\n'.repeat(5_000)}\nhello\n`,
      ),
    },
    { name: 'quotes.md', bytes: encode(`${'>'.repeat(deep)} a\n`) },
    { name: 'quotes-and-lists.md', bytes: encode(`${'> - '.repeat(20_000)}a\n`) },
    { name: 'brackets.md', bytes: encode('['.repeat(50_000)) },
    { name: 'links.md', bytes: encode('[a]('.repeat(50_000)) },
    { name: 'images.md', bytes: encode('![['.repeat(30_000)) },
    { name: 'stars.md', bytes: encode('*a_'.repeat(50_000)) },
    { name: 'ticks.md', bytes: encode(Array.from({ length: 2_000 }, (_, at) => '`'.repeat(at)).join(' a ')) },
    {
      name: 'definitions.md',
      bytes: encode(Array.from({ length: 20_000 }, (_, at) => `[a${at}]: b\n`).join('')),
    },
    { name: 'angles.md', bytes: encode('<'.repeat(200_000)) },
    { name: 'comment.md', bytes: encode('<!-- a'.repeat(50_000)) },
    {
      name: 'pipes.md',
      bytes: encode(`${'|a'.repeat(20_000)}\n${'|-'.repeat(20_000)}\n${'|b'.repeat(20_000)}\n`),
    },
    {
      name: 'lists.md',
      bytes: encode(
        Array.from({ length: 5_000 }, (_, at) => `${'  '.repeat(at)}- a`)
          .join('\n')
          .slice(0, 3 * MEBI),
      ),
    },
    { name: 'footnotes.md', bytes: encode(Array.from({ length: 20_000 }, (_, at) => `[^${at}]`).join('')) },
    { name: 'page-tree.pdf', bytes: treeOfPages(5_000) },
    {
      name: 'arrays.pdf',
      bytes: latin1(
        `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages ${'['.repeat(deep)} >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n`,
      ),
    },
    { name: 'deep-content.pdf', bytes: contentOf(`${'['.repeat(deep)} TJ`) },
    { name: 'saves.pdf', bytes: contentOf('q '.repeat(500_000)) },
  ];
}

/** A tree of page nodes with one child each. */
function treeOfPages(depth: number): Uint8Array<ArrayBuffer> {
  const nodes = Array.from(
    { length: depth },
    (_, at) => `${at + 2} 0 obj\n<< /Type /Pages /Kids [${at + 3} 0 R] /Count 1 >>\nendobj\n`,
  ).join('');
  return latin1(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n${nodes}${depth + 2} 0 obj\n<< /Type /Page /MediaBox [0 0 595 842] >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n`,
  );
}

function contentOf(content: string): Uint8Array<ArrayBuffer> {
  return latin1(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n`,
  );
}

async function locked(): Promise<readonly HostileFile[]> {
  const encrypted: readonly Verdict[] = ['encrypted'];
  const office = compoundFile(['EncryptionInfo', 'EncryptedPackage']);
  return [
    { name: 'password.pdf', bytes: encryptedPdf(), verdicts: encrypted },
    { name: 'password.docx', bytes: office, verdicts: encrypted },
    { name: 'password.xlsx', bytes: office, verdicts: encrypted },
    { name: 'password.pptx', bytes: office, verdicts: encrypted },
    { name: 'password-without-name', bytes: office, verdicts: encrypted },
    { name: 'old.doc', bytes: compoundFile(['WordDocument']), verdicts: ['unsupported_format'] },
    { name: 'old.xls', bytes: compoundFile(['Workbook']), verdicts: ['unsupported_format'] },
    { name: 'old.ppt', bytes: compoundFile(['PowerPoint Document']), verdicts: ['unsupported_format'] },
    { name: 'message.msg', bytes: compoundFile(['__properties_version1.0']) },
    { name: 'locked.zip', bytes: flagged(await zip({ 'a.txt': 'secret' })) },
    { name: 'locked.docx', bytes: flagged(await zip(docxEntries('<w:p/>'))) },
    { name: 'chain.doc', bytes: compoundFile(['WordDocument'], { loop: true }) },
  ];
}

/** Bit 0 of the general purpose flags of every entry: encrypted (APPNOTE 4.4.4). */
function flagged(container: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = container.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 10 < bytes.length; at += 1) {
    const mark = view.getUint32(at, true);
    if (mark === 0x04034b50) bytes[at + 6] = (bytes[at + 6] ?? 0) | 1;
    if (mark === 0x02014b50) bytes[at + 8] = (bytes[at + 8] ?? 0) | 1;
  }
  return bytes;
}

function mislabelled(): readonly HostileFile[] {
  const page = encode('<!doctype html><html><body><p>The door is blue.</p></body></html>');
  const picture = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  const program = latin1(`\u007fELF\u0002\u0001\u0001${'\0'.repeat(9)}\u0003`);
  const text = encode('The door is blue.');
  return [
    ...['a.pdf', 'a.docx', 'a.xlsx', 'a.pptx', 'a.epub', 'a.odt'].flatMap((name): HostileFile[] => [
      { name: `page-as-${name}`, bytes: page },
      { name: `text-as-${name}`, bytes: text },
      { name: `picture-as-${name}`, bytes: picture },
    ]),
    ...['a.md', 'a.html', 'a.csv', 'a.json', 'a.txt', 'a.rtf', 'a.eml', 'a.ipynb', 'a.xml'].flatMap(
      (name): HostileFile[] => [
        {
          name: `program-as-${name}`,
          bytes: program,
          verdicts: ['unsupported_format', 'not_utf8', 'malformed'],
        },
        {
          name: `pdf-as-${name}`,
          bytes: pdf([[{ text: 'The door is blue.', y: 700 }]]),
          verdicts: ['read', 'unsupported_format', 'malformed'],
        },
      ],
    ),
    { name: 'mark.txt', bytes: encode('%PDF-') },
    { name: 'mark.pdf', bytes: encode('%PDF-1.7'), verdicts: ['malformed'] },
    { name: 'spaces.txt', bytes: encode(' \n\t'), verdicts: ['empty'] },
    { name: 'bom.txt', bytes: Uint8Array.of(0xef, 0xbb, 0xbf), verdicts: ['empty'] },
    {
      name: 'utf16.txt',
      bytes: Uint8Array.of(0xff, 0xfe, 0x00, 0xd8),
      verdicts: ['read', 'empty', 'not_utf8', 'unsupported_format'],
    },
    { name: 'half.txt', bytes: Uint8Array.of(0x61, 0xe2, 0x82) },
    { name: 'zeros.txt', bytes: new Uint8Array(5_000), verdicts: ['unsupported_format', 'empty'] },
    { name: 'x'.repeat(255), bytes: text, verdicts: ['read'] },
    { name: '../../a.md', bytes: text, verdicts: ['read'] },
    { name: 'a.', bytes: text, verdicts: ['read'] },
    { name: '.md', bytes: text, verdicts: ['read'] },
  ];
}

/** Containers and trees that say something else than what is there. */
async function lies(): Promise<readonly HostileFile[]> {
  const good = await docxOf('<w:p><w:r><w:t>The door is blue.</w:t></w:r></w:p>');
  const loop = (body: string) =>
    latin1(
      `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n${body}\ntrailer\n<< /Root 1 0 R >>\n`,
    );
  return [
    { name: 'claims-many.docx', bytes: await docxOf('<w:p/>', 60_000), verdicts: ['malformed', 'too_large'] },
    { name: 'claims-none.docx', bytes: await docxOf('<w:p/>', 0), verdicts: ['malformed'] },
    {
      name: 'twice.docx',
      bytes: Uint8Array.from(Buffer.concat([good, good])),
      verdicts: ['malformed', 'read'],
    },
    {
      name: 'no-document.docx',
      bytes: await zip({ 'a.txt': 'a' }),
      verdicts: ['malformed', 'unsupported_format'],
    },
    {
      name: 'empty-document.docx',
      bytes: await zip({ 'word/document.xml': '' }),
      verdicts: ['malformed', 'empty'],
    },
    {
      name: 'not-xml.docx',
      bytes: await zip({ ...docxEntries(''), 'word/document.xml': 'no XML at all' }),
      verdicts: ['malformed', 'empty'],
    },
    { name: 'climbing.docx', bytes: await zip({ ...docxEntries('<w:p/>'), '../../etc/passwd': 'a' }) },
    {
      name: 'prototype.docx',
      bytes: await zip({ ...docxEntries('<w:p/>'), __proto__x: 'a', constructor: 'b' }),
    },
    {
      name: 'prototype.json',
      bytes: encode('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
      verdicts: ['read', 'empty'],
    },
    { name: 'prototype.csv', bytes: encode('__proto__,constructor\n1,2\n'), verdicts: ['read'] },
    {
      name: 'page-is-its-parent.pdf',
      bytes: loop('2 0 obj\n<< /Type /Pages /Kids [2 0 R] /Count 1 >>\nendobj'),
    },
    {
      name: 'million-pages.pdf',
      bytes: loop('2 0 obj\n<< /Type /Pages /Kids [] /Count 1000000000 >>\nendobj'),
    },
    { name: 'minus-pages.pdf', bytes: loop('2 0 obj\n<< /Type /Pages /Kids [] /Count -5 >>\nendobj') },
    { name: 'catalogue-is-itself.pdf', bytes: loop('2 0 obj\n1 0 R\nendobj') },
    { name: 'references.pdf', bytes: loop('2 0 obj\n3 0 R\nendobj\n3 0 obj\n2 0 R\nendobj') },
    {
      name: 'length-is-itself.pdf',
      bytes: loop(
        '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Contents 4 0 R /MediaBox [0 0 9 9] >>\nendobj\n4 0 obj\n<< /Length 4 0 R >>\nstream\nBT (a) Tj ET\nendstream\nendobj',
      ),
    },
    {
      name: 'form-draws-itself.pdf',
      bytes: loop(
        '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>\nendobj\n4 0 obj\n<< /Length 5 >>\nstream\n/F Do\nendstream\nendobj\n5 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 5 >>\nstream\n/F Do\nendstream\nendobj',
      ),
    },
    {
      name: 'previous-table.pdf',
      bytes: latin1(
        '%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF\n',
      ),
    },
    {
      name: 'no-box.pdf',
      bytes: loop(
        '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj',
      ),
    },
    {
      name: 'strings-beyond.xlsx',
      bytes: await zip(
        xlsxEntries('<row r="1"><c r="A1" t="s"><v>99999999</v></c><c r="B1"><v>-1e999</v></c></row>'),
      ),
    },
    {
      name: 'no-sheet.xlsx',
      bytes: await zip({ 'xl/workbook.xml': '<workbook/>', '[Content_Types].xml': '<Types/>' }),
    },
    {
      name: 'wrong-names.xlsx',
      bytes: await zip(xlsxEntries('<row r="x"><c r="1A" t="q"><v>a</v></c></row>')),
    },
    {
      name: 'macros.xlsm',
      bytes: await zip({ 'xl/vbaProject.bin': 'a', '[Content_Types].xml': '<Types/>' }),
    },
    {
      name: 'self.epub',
      bytes: await zip({
        mimetype: 'application/epub+zip',
        'META-INF/container.xml':
          '<container><rootfiles><rootfile full-path="META-INF/container.xml"/></rootfiles></container>',
      }),
    },
    { name: 'empty.epub', bytes: await zip({ mimetype: 'application/epub+zip' }) },
    {
      name: 'wrong-types.ipynb',
      bytes: encode(
        '{"cells":[1,null,{"cell_type":7,"source":{"a":1}},{"cell_type":"markdown","source":"# a"}],"nbformat":"x"}',
      ),
    },
    { name: 'no-cells.ipynb', bytes: encode('{"nbformat":4}') },
    { name: 'times.vtt', bytes: encode('WEBVTT\n\n99999999999:99:99.999 --> NaN\na\n\n00:00 --> 00:00\n') },
    { name: 'headers.eml', bytes: encode(`${'X: a\n'.repeat(200_000)}\nhello\n`) },
    {
      name: 'one-header.eml',
      bytes: encode(`From: a\nSubject: ${'=?utf-8?b?QUFB?= '.repeat(100_000)}\n\nhello\n`),
    },
    {
      name: 'charset.eml',
      bytes: encode('From: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset="x-no-such"\n\nhello\n'),
    },
    { name: 'charset.html', bytes: encode('<meta charset="x-no-such"><p>hello</p>') },
    { name: 'charset-utf-7.html', bytes: encode('<meta charset="utf-7"><p>+AGgAZQBsAGwAbw-</p>') },
    { name: 'code-page.rtf', bytes: encode("{\\rtf1\\ansi\\ansicpg99999 \\'ff\\'zz\\u-70000?\\par}") },
  ];
}

function long(): readonly HostileFile[] {
  return [
    { name: 'one-line.txt', bytes: encode('word '.repeat(1_500_000)) },
    { name: 'one-word.txt', bytes: encode('a'.repeat(2_000_000)) },
    { name: 'emoji.txt', bytes: encode('👩‍👩‍👧‍👦'.repeat(100_000)) },
    { name: 'marks.txt', bytes: encode(`a${'\u0301'.repeat(1_000_000)}`) },
    { name: 'directions.txt', bytes: encode('\u202eevil\u2066'.repeat(100_000)) },
    { name: 'line-ends.txt', bytes: encode('a\r'.repeat(1_000_000)) },
    { name: 'controls.txt', bytes: encode('\u0001\u0002a'.repeat(100_000)) },
    { name: 'quote.csv', bytes: encode(`a,b\n"${'c,d\n'.repeat(1_000_000)}`) },
    { name: 'quotes.csv', bytes: encode('"'.repeat(2_000_000)) },
    { name: 'delimiters.csv', bytes: encode(';,|\t'.repeat(400_000)) },
    { name: 'long-key.json', bytes: encode(`{"${'k'.repeat(2_000_000)}":1}`) },
    {
      name: 'keys.json',
      bytes: encode(`{${Array.from({ length: 200_000 }, (_, at) => `"k${at}":1`).join(',')}}`),
    },
    { name: 'escapes.json', bytes: encode(`["${'\\ud800'.repeat(200_000)}"]`) },
    { name: 'sentences.md', bytes: encode(`# ${'a'.repeat(500_000)}\n\n${'b. '.repeat(500_000)}`) },
    { name: 'large.md', bytes: encode('a\n'.repeat(3 * MEBI)), verdicts: ['too_large'] },
    { name: 'large.txt', bytes: new Uint8Array(25 * MEBI).fill(97), verdicts: ['too_large'] },
    {
      name: 'pages.pdf',
      bytes: pdf(Array.from({ length: 2_100 }, () => [{ text: 'a', y: 700 }])),
      verdicts: ['too_many_pages'],
    },
    {
      name: 'texts.pdf',
      bytes: pdf([Array.from({ length: 100_000 }, (_, at) => ({ text: `a${at}`, y: 700 - (at % 600) }))]),
    },
    { name: 'unclosed.html', bytes: encode(`<p title="${'a'.repeat(2_000_000)}`) },
    { name: 'script.html', bytes: encode(`<script>${'a'.repeat(2_000_000)}`) },
    { name: 'comment.html', bytes: encode(`<p>a</p><!--${'-'.repeat(2_000_000)}`) },
    { name: 'spaces.html', bytes: encode(`<p>a${' '.repeat(3_000_000)}b</p>`), verdicts: ['read'] },
    { name: 'cells.html', bytes: encode(`<table>${'<tr><td>a<td>b'.repeat(50_000)}`) },
    { name: 'code.ts', bytes: encode(`${'function a() {'.repeat(50_000)}`) },
    { name: 'comment.py', bytes: encode(`"""${'a\n'.repeat(500_000)}`) },
  ];
}
