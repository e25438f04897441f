import { docxOf, pdf, zip } from '../documents.ts';

/**
 * One small good file of every format that somebody may upload, also of those that are refused: what is broken for the
 * hostile files is one of these. Containers are given as their entries, so that what is inside can be broken too.
 */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of a ZIP container. */
  readonly entries?: Readonly<Record<string, string>>;
}

const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
const plain = (name: string, text: string): Seed => ({ name, bytes: encode(text) });

async function container(name: string, entries: Readonly<Record<string, string>>): Promise<Seed> {
  return { name, entries, bytes: await zip(entries) };
}

export const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const packageTypes = 'http://schemas.openxmlformats.org/package/2006';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const sheet = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const slide =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"';

const relationships = (targets: Readonly<Record<string, string>>): string =>
  `<?xml version="1.0"?><Relationships xmlns="${packageTypes}/relationships">${Object.entries(targets)
    .map(
      ([target, type], at) => `<Relationship Id="r${at + 1}" Type="${office}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

const contentTypes = (parts: Readonly<Record<string, string>>): string =>
  `<?xml version="1.0"?><Types xmlns="${packageTypes}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${Object.entries(
    parts,
  )
    .map(
      ([part, type]) =>
        `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
    )
    .join('')}</Types>`;

const paragraphs = Array.from(
  { length: 12 },
  (_, at) => `Rule ${at} says that valve ${at * 7} is opened by two people, and never at night.`,
);

export const docxEntries = (body: string): Readonly<Record<string, string>> => ({
  '[Content_Types].xml': contentTypes({ 'word/document.xml': 'wordprocessingml.document.main' }),
  '_rels/.rels': relationships({ 'word/document.xml': 'officeDocument' }),
  'word/document.xml': `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
  'word/styles.xml': `<?xml version="1.0"?><w:styles ${W}/>`,
  'word/_rels/document.xml.rels': relationships({ 'styles.xml': 'styles' }),
});

export const xlsxEntries = (rows: string): Readonly<Record<string, string>> => ({
  '[Content_Types].xml': contentTypes({
    'xl/workbook.xml': 'spreadsheetml.sheet.main',
    'xl/worksheets/sheet1.xml': 'spreadsheetml.worksheet',
    'xl/sharedStrings.xml': 'spreadsheetml.sharedStrings',
  }),
  '_rels/.rels': relationships({ 'xl/workbook.xml': 'officeDocument' }),
  'xl/workbook.xml': `<?xml version="1.0"?><workbook ${sheet} xmlns:r="${office}"><sheets><sheet name="Fees" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relationships({
    'worksheets/sheet1.xml': 'worksheet',
    'sharedStrings.xml': 'sharedStrings',
  }),
  'xl/sharedStrings.xml': `<?xml version="1.0"?><sst ${sheet} count="3" uniqueCount="3"><si><t>Town</t></si><si><t>Fee</t></si><si><t>Chur</t></si></sst>`,
  'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet ${sheet}><sheetData>${rows}</sheetData></worksheet>`,
});

export const goodRows =
  '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>19</v></c></row>';

const pptxEntries = {
  '[Content_Types].xml': contentTypes({
    'ppt/presentation.xml': 'presentationml.presentation.main',
    'ppt/slides/slide1.xml': 'presentationml.slide',
  }),
  '_rels/.rels': relationships({ 'ppt/presentation.xml': 'officeDocument' }),
  'ppt/presentation.xml': `<?xml version="1.0"?><p:presentation ${slide} xmlns:r="${office}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>`,
  'ppt/_rels/presentation.xml.rels': relationships({ 'slides/slide1.xml': 'slide' }),
  'ppt/slides/slide1.xml': `<?xml version="1.0"?><p:sld ${slide}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>The pump is tested in May.</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
};

const odfEntries = (type: string, body: string): Readonly<Record<string, string>> => ({
  mimetype: `application/vnd.oasis.opendocument.${type}`,
  'META-INF/manifest.xml':
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
  'content.xml': `<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><office:body>${body}</office:body></office:document-content>`,
});

const epubEntries = {
  mimetype: 'application/epub+zip',
  'META-INF/container.xml':
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
  'book.opf':
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="c1" href="one.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c1"/></spine></package>',
  'one.xhtml':
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title></head><body><h1>The lamp</h1><p>It was lit in 1871.</p></body></html>',
};

const message = [
  'From: Kim <kim@example.org>',
  'To: Lee <lee@example.org>',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Mon, 3 Mar 2031 09:00:00 +0100',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="cut"',
  '',
  '--cut',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'The door code is 4471=',
  ' since Monday.',
  '--cut',
  'Content-Type: text/csv; name="fees.csv"',
  'Content-Disposition: attachment; filename="fees.csv"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('Town,Fee\nBern,12\n').toString('base64'),
  '--cut--',
  '',
].join('\r\n');

const html = `<!doctype html><html><head><title>Fees</title></head><body><main><h1>Fees</h1><p>${paragraphs.join(
  '</p><p>',
)}</p><table><tr><th>Town</th><th>Fee</th></tr><tr><td rowspan="2">Bern</td><td>12</td></tr><tr><td>15</td></tr></table><ul><li>one<ul><li>two</li></ul></li></ul><pre>a\n  b</pre></main></body></html>`;

const markdown = `---\ntitle: Fees\n---\n\n# Fees\n\n${paragraphs.join('\n\n')}\n\n| Town | Fee |\n|---|---|\n| Bern | 12 |\n\n- [ ] one\n  - two[^1]\n\n> quoted **bold \`code\`**\n\n\`\`\`ts\nconst a = 1;\n\`\`\`\n\n[^1]: A note.\n`;

const notebook = JSON.stringify({
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# Model\n', 'The threshold is 0.37.'] },
    { cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source: ['print(1)'] },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

/** A BMP of one white pixel, the shortest picture there is. */
const bitmap = Uint8Array.from(
  Buffer.from('Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAA////AA==', 'base64'),
);

export async function seeds(): Promise<readonly Seed[]> {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('');
  const lines = paragraphs.map((text, at) => ({ text, y: 780 - at * 16 }));
  return [
    { name: 'rules.pdf', bytes: pdf([lines, lines, lines]) },
    await container('rules.docx', docxEntries(body)),
    { name: 'styled.docx', bytes: await docxOf(body) },
    await container('fees.xlsx', xlsxEntries(goodRows)),
    await container('pump.pptx', pptxEntries),
    await container('lamp.epub', epubEntries),
    await container(
      'letter.odt',
      odfEntries('text', '<office:text><text:p>The rent is 840.</text:p></office:text>'),
    ),
    await container(
      'fees.ods',
      odfEntries(
        'spreadsheet',
        '<office:spreadsheet><table:table><table:table-row><table:table-cell><text:p>Bern</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>',
      ),
    ),
    await container(
      'talk.odp',
      odfEntries(
        'presentation',
        '<office:presentation><draw:page><draw:frame><draw:text-box><text:p>Spring</text:p></draw:text-box></draw:frame></draw:page></office:presentation>',
      ),
    ),
    plain('page.html', html),
    plain('notes.md', markdown),
    plain('notes.txt', `${paragraphs.join('\n')}\n`),
    plain('fees.csv', `Town;Fee;Note\nBern;12;"a ""b"" c"\nChur;19;"two\nlines"\nOlten;7;\n`),
    plain('fees.tsv', 'Town\tFee\nBern\t12\nChur\t19\n'),
    plain('fees.json', '{"towns":[{"name":"Bern","fee":12.50,"open":true},{"name":"Chur","fee":1e2}]}'),
    plain('fees.jsonl', '{"town":"Bern","fee":12}\n{"town":"Chur","fee":19}\n'),
    plain(
      'letter.rtf',
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\pard The deposit is \\b 640 francs\\b0 . Gr\\'fc\\'dfe \\u8364?\\par}",
    ),
    plain('mail.eml', message),
    plain('model.ipynb', notebook),
    plain(
      'manual.xml',
      '<?xml version="1.0"?><manual><section><title>Brakes</title><p>Change the pads.</p></section></manual>',
    ),
    plain(
      'feed.rss',
      '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>Pool</title><description>Opens in June.</description></item></channel></rss>',
    ),
    plain(
      'valve.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="2">Valve A opens at 5 bar</text></svg>',
    ),
    plain('harbour.vtt', 'WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nThe harbour opens\n'),
    plain('harbour.srt', '1\n00:00:01,000 --> 00:00:04,000\nThe harbour opens\n'),
    plain('code.ts', '/** Retries. */\nexport const RETRIES = 17;\nexport function retry(): void {}\n'),
    plain('tool.py', 'def retry(times: int = 17):\n    """Retries."""\n    return times\n'),
    { name: 'pixel.bmp', bytes: bitmap },
  ];
}
