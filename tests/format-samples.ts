import { pdf, zip } from './documents.ts';
import {
  cell,
  chartPart,
  openDocumentFile,
  paragraph,
  presentationFile,
  run,
  shape,
  sheetData,
  styled,
  table,
  wordFile,
  workbookFile,
  xmlPart,
} from './office-files.ts';

/** What a document can have beside running text, in the order of the table in docs/reference/formats.md. */
export const features = [
  'headings',
  'lists',
  'tables',
  'merged cells',
  'formulas',
  'ticks and fields',
  'links',
  'notes and comments',
  'repeated on pages',
  'pictures described',
  'charts',
  'documents inside',
  'hidden left out',
  'code',
  'pages',
] as const;

export type Feature = (typeof features)[number];

/** A small file of a format that has some features, and what its blocks must read: `kind: text`, in this order. */
export interface FormatSample {
  readonly filename: string;
  readonly features: readonly Feature[];
  readonly content: string | Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
  readonly blocks: readonly string[];
  readonly remark?: RegExp;
}

const math =
  '<m:oMath><m:r><m:t>F=m</m:t></m:r><m:sSup><m:e><m:r><m:t>a</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>';
const heading1 = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>';
const bullet =
  '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>';

const word: readonly FormatSample[] = [
  {
    filename: 'word.docx',
    features: [
      'headings',
      'lists',
      'tables',
      'formulas',
      'links',
      'notes and comments',
      'repeated on pages',
      'hidden left out',
    ],
    content: wordFile(
      [
        styled('H', 'Pumps'),
        paragraph('Open slowly', '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        table([
          ['Pump', 'Litres'],
          ['Heron', '40'],
        ]),
        paragraph(
          `${run('So ')}${math}${run(', see ')}<w:hyperlink r:id="go">${run('the site')}</w:hyperlink>${run(' secret', '<w:vanish/>')}<w:r><w:footnoteReference w:id="2"/></w:r>`,
        ),
      ].join(''),
      {
        styles: heading1,
        numbering: bullet,
        header1: paragraph('File 12'),
        footnotes: `<w:footnote w:id="2">${paragraph('Measured cold.')}</w:footnote>`,
      },
      { ways: [{ type: 'hyperlink', target: 'https://pumps.example.org', id: 'go', isExternal: true }] },
    ),
    blocks: [
      'paragraph: File 12',
      'heading: Pumps',
      'list: - Open slowly',
      'table: Pump | Litres\nHeron | 40',
      'paragraph: So $F=ma^2$, see the site (https://pumps.example.org)[1]',
      'paragraph: [1] Measured cold.',
    ],
  },
  {
    filename: 'form.docx',
    features: [
      'merged cells',
      'ticks and fields',
      'pictures described',
      'charts',
      'documents inside',
      'code',
    ],
    content: wordFile(
      [
        table([
          ['Line', 'Stop'],
          [cell('Blue', '<w:vMerge w:val="restart"/>'), 'Mill'],
          [cell('', '<w:vMerge/>'), 'Quay'],
        ]),
        paragraph('☐ Paid'),
        paragraph('<w:r><w:drawing><wp:docPr id="1" descr="A red pump"/></w:drawing></w:r>'),
        paragraph('<w:r><w:drawing><c:chart r:id="c"/></w:drawing></w:r>'),
        '<w:altChunk r:id="h"/>',
        paragraph(run('pump --on', '<w:rFonts w:ascii="Consolas"/>')),
      ].join(''),
      {},
      {
        ways: [
          { type: 'chart', target: 'chart.xml', id: 'c' },
          { type: 'aFChunk', target: 'chunk.html', id: 'h' },
        ],
        files: {
          'word/chart.xml': chartPart('Leaks', 'Count', { '2031': '4' }),
          'word/chunk.html': '<html><body><p>From a page.</p></body></html>',
        },
      },
    ),
    blocks: [
      'table: Line | Stop\nBlue | Mill\nBlue | Quay',
      'paragraph: [ ] not checked: Paid',
      'figure: A red pump',
      'figure: Chart: Leaks',
      'table: | Count\n2031 | 4',
      'paragraph: From a page.',
      'code: pump --on',
    ],
  },
];

const styles =
  '<numFmts><numFmt numFmtId="164" formatCode="#,##0.00 &quot;CHF&quot;"/><numFmt numFmtId="165" formatCode="dd.mm.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/></cellXfs>';

const excel: FormatSample = {
  filename: 'book.xlsx',
  features: [
    'headings',
    'tables',
    'merged cells',
    'links',
    'notes and comments',
    'charts',
    'hidden left out',
  ],
  content: workbookFile(
    {
      Prices: `${sheetData(
        [
          ['Price list of the depot'],
          [],
          ['Article', 'Price', 'From', 'Share', null, 'Depot', 'Stock'],
          ['Saddle', [1234.5, 1], [47_604, 2], [0.081, 3], null, 'North', 7],
          ['Pedal', [89, 1], [47_605, 2], [0.5, 3], null, 'South', 9],
          ['Secret', 1, 1, 1],
          [],
          ['Region', 'Snow', null, 'Note'],
          ['Alps', 4, 5, 'x'],
          [null, 6, 7, 'y'],
        ],
        ['', '', '', '', '', 'hidden="1"'],
      )}<mergeCells><mergeCell ref="B8:C8"/><mergeCell ref="A9:A10"/></mergeCells><hyperlinks><hyperlink ref="A5" r:id="h"/></hyperlinks><drawing r:id="d"/>`,
      Vault: sheetData([['secret']]),
    },
    {
      styles,
      hidden: ['Vault'],
      ways: [
        { type: 'hyperlink', target: 'https://pedals.example.org', id: 'h', isExternal: true },
        { type: 'comments', target: '../comments1.xml' },
        { type: 'drawing', target: '../drawings/drawing1.xml', id: 'd' },
      ],
      files: {
        'xl/comments1.xml':
          '<authors><author>Ida</author></authors><commentList><comment ref="B4" authorId="0"><text><t>was 1100</t></text></comment></commentList>',
        'xl/drawings/drawing1.xml': xmlPart('xdr:wsDr', '<c:chart r:id="c"/>'),
        'xl/drawings/_rels/drawing1.xml.rels':
          '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart" Target="../charts/chart1.xml"/></Relationships>',
        'xl/charts/chart1.xml': chartPart('Sold', 'Saddles', { May: '12' }),
      },
    },
  ),
  blocks: [
    'heading: Prices',
    'paragraph: Price list of the depot',
    'table: Article | Price | From | Share\nSaddle | 1,234.50 CHF [Note by Ida: was 1100] | 01.05.2030 | 8.10%\nPedal (https://pedals.example.org) | 89.00 CHF | 02.05.2030 | 50.00%',
    'table: Depot | Stock\nNorth | 7\nSouth | 9',
    'table: Region | Snow | | Note\nAlps | 4 | 5 | x\nAlps | 6 | 7 | y',
    'figure: Chart: Sold',
    'table: | Saddles\nMay | 12',
  ],
  remark: /1 hidden sheet\(s\), 'Vault'.*1 hidden row/,
};

const slides: FormatSample = {
  filename: 'talk.pptx',
  features: [
    'headings',
    'lists',
    'tables',
    'merged cells',
    'formulas',
    'links',
    'notes and comments',
    'pictures described',
    'charts',
    'hidden left out',
    'pages',
  ],
  content: presentationFile(
    [
      [
        shape(['Right'], { place: [5, 3] }),
        shape(['Left'], { place: [1, 3.1] }),
        shape(['Plan'], { type: 'title', place: [1, 0] }),
        shape(['Leaks', '<a:r><a:rPr><a:hlinkClick r:id="h"/></a:rPr><a:t>Theft</a:t></a:r>'], {
          type: 'body',
          place: [1, 1],
        }),
        shape([`<a14:m>${math}</a14:m>`], { place: [1, 2] }),
        '<p:graphicFrame><p:xfrm><a:off x="914400" y="4572000"/><a:ext cx="914400" cy="914400"/></p:xfrm><a:graphic><a:graphicData><a:tbl><a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>Costs</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge="1"/></a:tr><a:tr><a:tc><a:txBody><a:p><a:r><a:t>North</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>4</a:t></a:r></a:p></a:txBody></a:tc></a:tr><a:tr><a:tc><a:txBody><a:p><a:r><a:t>South</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>5</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>',
        '<p:pic><p:nvPicPr><p:cNvPr id="9" name="" descr="The depot at night"/></p:nvPicPr><p:spPr><a:xfrm><a:off x="0" y="5486400"/></a:xfrm></p:spPr></p:pic>',
        '<p:graphicFrame><p:xfrm><a:off x="0" y="6400800"/></p:xfrm><a:graphic><a:graphicData><c:chart r:id="c"/></a:graphicData></a:graphic></p:graphicFrame>',
      ].join(''),
      shape(['Backup'], { type: 'title' }),
      shape(['End'], { type: 'title' }),
    ],
    {
      hidden: [2],
      ways: [
        { type: 'hyperlink', target: 'https://theft.example.org', id: 'h', isExternal: true },
        { type: 'notesSlide', target: '../notesSlides/notes1.xml' },
        { type: 'chart', target: '../charts/chart1.xml', id: 'c' },
      ],
      files: {
        'ppt/notesSlides/notes1.xml': xmlPart(
          'p:notes',
          `<p:cSld><p:spTree>${shape(['Mention seal 9.'], { type: 'body' })}</p:spTree></p:cSld>`,
        ),
        'ppt/charts/chart1.xml': chartPart('Leaks', 'Count', { '2031': '4' }),
      },
    },
  ),
  blocks: [
    'heading 1: Plan',
    'list 1: - Leaks\n- Theft (https://theft.example.org)',
    'paragraph 1: $F=ma^2$',
    'paragraph 1: Left',
    'paragraph 1: Right',
    'paragraph 1: Costs',
    'table 1: North | 4\nSouth | 5',
    'figure 1: The depot at night',
    'figure 1: Chart: Leaks',
    'table 1: | Count\n2031 | 4',
    'paragraph 1: Notes: Mention seal 9.',
    'heading 3: End',
  ],
  remark: /1 hidden slide\(s\), 2/,
};

const odtCell = (text: string, attributes = '') =>
  `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`;
const odtRow = (cells: readonly string[]) =>
  `<table:table-row>${cells.map((one) => (one.startsWith('<') ? one : odtCell(one))).join('')}</table:table-row>`;

const openDocuments: readonly FormatSample[] = [
  {
    filename: 'text.odt',
    features: [
      'headings',
      'lists',
      'tables',
      'merged cells',
      'formulas',
      'ticks and fields',
      'links',
      'notes and comments',
      'repeated on pages',
      'pictures described',
      'hidden left out',
      'code',
    ],
    content: openDocumentFile(
      'text',
      [
        '<office:forms><form:form><form:checkbox form:id="c1" form:label="Paid" form:current-state="unchecked"/></form:form></office:forms>',
        '<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>',
        '<text:h text:outline-level="1">Lease</text:h>',
        '<text:list text:style-name="L"><text:list-item><text:p>Sign</text:p></text:list-item><text:list-item><text:p>Pay</text:p></text:list-item></text:list>',
        `<table:table>${odtRow(['Zone', 'Price'])}${odtRow([odtCell('North', 'table:number-rows-spanned="2"'), '9'])}<table:table-row><table:covered-table-cell/>${odtCell('17')}</table:table-row></table:table>`,
        '<text:p>See <text:a xlink:href="https://lease.example.org">the form</text:a><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>From May.</text:p></text:note-body></text:note><text:span text:style-name="H"> hidden</text:span></text:p>',
        '<text:p>Checked<office:annotation><dc:creator>Ida</dc:creator><text:p>twice</text:p></office:annotation></text:p>',
        '<text:p><draw:control draw:control="c1"/></text:p>',
        '<text:p>So <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>',
        '<text:p><draw:frame><svg:desc>A red gate</svg:desc></draw:frame></text:p>',
        '<text:p text:style-name="Preformatted_20_Text">gate --open</text:p>',
      ].join(''),
      {
        automatic:
          '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="a" style:num-suffix=")"/></text:list-style>',
        styles:
          '<office:styles><style:style style:name="Preformatted_20_Text" style:family="paragraph"/></office:styles><office:master-styles><style:master-page><style:header><text:p>File 12</text:p></style:header></style:master-page></office:master-styles>',
        files: {
          'Object 1/content.xml':
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>F</mi><mo>=</mo><msup><mi>a</mi><mn>2</mn></msup></math>',
        },
      },
    ),
    blocks: [
      'paragraph: File 12',
      'heading: Lease',
      'list: a) Sign\nb) Pay',
      'table: Zone | Price\nNorth | 9\nNorth | 17',
      'paragraph: See the form (https://lease.example.org)[1]',
      'paragraph: [1] From May.',
      'paragraph: Checked [Comment by Ida: twice]',
      'paragraph: [ ] not checked: Paid',
      'paragraph: So $F = a^2$',
      'figure: A red gate',
      'code: gate --open',
    ],
  },
  {
    filename: 'sheet.ods',
    features: ['headings', 'tables', 'merged cells', 'notes and comments', 'hidden left out'],
    content: openDocumentFile(
      'spreadsheet',
      `<table:table table:name="Fees">${odtRow(['Town', 'Fee'])}${odtRow([odtCell('Bern', 'table:number-rows-spanned="2"'), '<table:table-cell office:value-type="currency" office:value="12"><office:annotation><dc:creator>Ida</dc:creator><text:p>old</text:p></office:annotation><text:p>12.00 CHF</text:p></table:table-cell>'])}<table:table-row><table:covered-table-cell/>${odtCell('19.00 CHF')}</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table><table:table table:name="Vault" table:style-name="V">${odtRow(['secret'])}</table:table>`,
      {
        automatic:
          '<style:style style:name="V" style:family="table"><style:table-properties table:display="false"/></style:style>',
      },
    ),
    blocks: ['heading: Fees', 'table: Town | Fee\nBern | 12.00 CHF [Note by Ida: old]\nBern | 19.00 CHF'],
    remark: /1 hidden sheet\(s\), 'Vault'/,
  },
  {
    filename: 'talk.odp',
    features: ['headings', 'lists', 'notes and comments', 'pages'],
    content: openDocumentFile(
      'presentation',
      '<draw:page><draw:frame svg:y="4cm"><draw:text-box><text:list><text:list-item><text:p>Leaks</text:p></text:list-item></text:list></draw:text-box></draw:frame><draw:frame presentation:class="title" svg:y="1cm"><draw:text-box><text:p>Risks</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Seal 9.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>',
    ),
    blocks: ['heading 1: Risks', 'list 1: - Leaks', 'paragraph 1: Notes: Seal 9.'],
  },
];

const base64 = (text: string) => Buffer.from(text).toString('base64');

const others: readonly FormatSample[] = [
  {
    filename: 'book.epub',
    features: ['headings', 'lists', 'tables', 'links'],
    content: zip({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml':
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf':
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>On Pumps</dc:title></metadata><manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/><item id="a" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
      'OEBPS/two.xhtml': '<html><body><p>The end.</p></body></html>',
      'OEBPS/text/one a.xhtml':
        '<html><head><title>x</title></head><body><h1>Valves</h1><ul><li>red</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><p><a href="https://valves.example.org">More</a></p></body></html>',
    }),
    blocks: [
      'heading: On Pumps',
      'heading: Valves',
      'list: - red',
      'table: A | B\n1 | 2',
      'paragraph: More (https://valves.example.org)',
      'paragraph: The end.',
    ],
  },
  {
    filename: 'letter.rtf',
    features: [
      'headings',
      'lists',
      'tables',
      'merged cells',
      'links',
      'notes and comments',
      'repeated on pages',
      'hidden left out',
    ],
    content:
      "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}{\\stylesheet{\\s1 heading 1;}}{\\*\\generator X;}{\\header\\pard File 12\\par}{\\pict 89504e47}\\pard\\s1 Terms\\par\\pard {\\listtext\\'b7\\tab}Gr\\'fc\\'dfe\\par\\trowd\\clvmgf\\cellx1\\cellx2\\pard\\intbl Zone\\cell Price\\cell\\row\\trowd\\clvmgf\\cellx1\\cellx2\\pard\\intbl North\\cell 9\\cell\\row\\trowd\\clvmrg\\cellx1\\cellx2\\pard\\intbl\\cell 17\\cell\\row\\pard {\\f1\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2} \\u26085?\\u26412?{\\v hidden} {\\field{\\*\\fldinst HYPERLINK \"https://terms.example.org\"}{\\fldrslt here}}{\\footnote\\pard From May.\\par}\\par}",
    blocks: [
      'paragraph: File 12',
      'heading: Terms',
      'list: - Grüße',
      'table: Zone | Price\nNorth | 9\nNorth | 17',
      'paragraph: Привет 日本 here (https://terms.example.org)[1]',
      'paragraph: [1] From May.',
    ],
  },
  {
    filename: 'mail.eml',
    features: ['headings', 'tables', 'documents inside'],
    content: [
      'From: =?utf-8?q?J=C3=BCrg?= <j@example.org>',
      'To: Ida <ida@example.org>',
      `Subject: =?utf-8?b?${base64('Prüfung')}?=`,
      'Date: Mon, 3 Mar 2031 09:00:00 +0100',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Zone Fee North 9',
      '--c',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<table><tr><th>Zone</th><th>Fee</th></tr><tr><td>North</td><td>9</td></tr></table>',
      '--c--',
      '--b',
      'Content-Type: text/csv; name=fees.csv',
      'Content-Disposition: attachment; filename=fees.csv',
      'Content-Transfer-Encoding: base64',
      '',
      base64('town,fee\nBern,12\nChur,19\n'),
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename=setup.bin',
      'Content-Transfer-Encoding: base64',
      '',
      base64('\u007fELF'),
      '--b--',
      '',
    ].join('\r\n'),
    blocks: [
      'heading: Prüfung',
      'paragraph: From: Jürg <j@example.org>\nTo: Ida <ida@example.org>\nDate: Mon, 3 Mar 2031 09:00:00 +0100',
      'table: Zone | Fee\nNorth | 9',
      'heading: Attachment: fees.csv',
      'table: town: Bern | fee: 12\ntown: Chur | fee: 19',
      'heading: Attachment: setup.bin',
      "paragraph: [The attachment was not read. 'setup.bin' cannot be read: it is a program, and no document.]",
    ],
    remark: /attachment was not read/,
  },
  {
    filename: 'box.mbox',
    features: ['headings'],
    content:
      'From a@example.org Mon\nFrom: A <a@example.org>\nSubject: One\nMIME-Version: 1.0\n\nFirst.\n\nFrom b@example.org Tue\nFrom: B <b@example.org>\nSubject: Two\nMIME-Version: 1.0\n\nSecond.\n',
    blocks: [
      'heading: One',
      'paragraph: From: A <a@example.org>',
      'paragraph: First.',
      'heading: Two',
      'paragraph: From: B <b@example.org>',
      'paragraph: Second.',
    ],
  },
  {
    filename: 'run.ipynb',
    features: ['headings', 'tables', 'code'],
    content: JSON.stringify({
      nbformat: 4,
      cells: [
        {
          cell_type: 'markdown',
          source: ['# Churn\n', '\n', '![x](data:image/png;base64,AAAA)The limit is 7.'],
        },
        {
          cell_type: 'code',
          source: 'fit()',
          outputs: [
            { output_type: 'stream', text: ['\u001b[31mdone\u001b[0m'] },
            {
              output_type: 'display_data',
              data: { 'image/png': 'iVBORw0KGgo', 'text/plain': '<Figure size 640x480 with 1 Axes>' },
            },
            {
              output_type: 'execute_result',
              data: {
                'text/html': '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>',
              },
            },
          ],
        },
      ],
    }),
    blocks: [
      'heading: Churn',
      'paragraph: xThe limit is 7.',
      'code: fit()',
      'code: done',
      'table: a | b\n1 | 2',
    ],
  },
  {
    filename: 'manual.xml',
    features: ['headings', 'lists', 'tables', 'code'],
    content:
      '<?xml version="1.0"?><book><title>Brakes</title><section><title>Pads</title><para>Change <emphasis>soon</emphasis>.</para><itemizedlist><listitem><para>front</para></listitem></itemizedlist><programlisting>torque = 41</programlisting></section><parts><part sku="A-1"><name>Pad</name><price>7</price></part><part sku="B-2"><name>Disc</name><price>9</price></part></parts></book>',
    blocks: [
      'heading: Brakes',
      'heading: Pads',
      'paragraph: Change soon.',
      'list: - front',
      'code: torque = 41',
      'table: sku: A-1 | name: Pad | price: 7\nsku: B-2 | name: Disc | price: 9',
    ],
  },
  {
    filename: 'news.rss',
    features: ['headings', 'links'],
    content:
      '<?xml version="1.0"?><rss><channel><title>Depot news</title><item><title>Closed</title><link>https://news.example.org/1</link><pubDate>3 Mar 2031</pubDate><description>&lt;p&gt;Until &lt;b&gt;May&lt;/b&gt;.&lt;/p&gt;</description></item></channel></rss>',
    blocks: [
      'heading: Depot news',
      'heading: Closed',
      'paragraph: 3 Mar 2031 · https://news.example.org/1',
      'paragraph: Until May.',
    ],
  },
  {
    filename: 'talk.vtt',
    features: [],
    content:
      'WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Kim>The harbour opens\n\n00:00:04.000 --> 00:00:06.000\n<v Kim>at six.\n\n00:01:07.000 --> 00:01:09.000\n<v Lee>Good.\n',
    blocks: ['paragraph: [00:00:01] Kim: The harbour opens at six.', 'paragraph: [00:01:07] Lee: Good.'],
  },
  {
    filename: 'dates.ics',
    features: ['headings'],
    content:
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Board\\, March\nDTSTART;TZID=Europe/Zurich:20310303T090000\nLOCATION:Hall\n  4\nATTENDEE;CN=Ida:mailto:ida@example.org\nEND:VEVENT\nEND:VCALENDAR\n',
    blocks: [
      'heading: Board, March',
      'paragraph: Start: 2031-03-03 09:00 Europe/Zurich\nLocation: Hall 4\nAttendee: Ida (ida@example.org)',
    ],
  },
  {
    filename: 'client.py',
    features: ['headings', 'code'],
    content:
      'LIMIT = 3\n\nclass Client:\n    # Sends.\n    def send(self):\n        def inner():\n            pass\n        return LIMIT\n\ndef main():\n    Client().send()\n\nmain()\n',
    blocks: [
      'heading: client.py',
      'code: LIMIT = 3',
      'heading: class Client',
      'code: class Client:',
      'heading: def send',
      'code: # Sends.\n    def send(self):\n        def inner():\n            pass\n        return LIMIT',
      'heading: def main',
      'code: def main():\n    Client().send()',
      'heading: client.py',
      'code: main()',
    ],
  },
  {
    filename: 'page.html',
    features: [
      'headings',
      'lists',
      'tables',
      'merged cells',
      'formulas',
      'ticks and fields',
      'links',
      'hidden left out',
      'code',
    ],
    content:
      '<html><body><h1>Fees</h1><ul><li>one</li></ul><table><tr><th>Zone</th><th>Fee</th></tr><tr><td rowspan="2">North</td><td>9</td></tr><tr><td>17</td></tr></table><p>So <math><msup><mi>a</mi><mn>2</mn></msup></math> <a href="mailto:ida@example.org">Ida</a></p><p><input type="checkbox"> Paid</p><p hidden>no</p><pre>x = 1</pre></body></html>',
    blocks: [
      'heading: Fees',
      'list: - one',
      'table: Zone | Fee\nNorth | 9\nNorth | 17',
      'paragraph: So $a^2$ Ida (ida@example.org)',
      'paragraph: [ ] not checked: Paid',
      'code: x = 1',
    ],
  },
  {
    filename: 'guide.md',
    features: ['headings', 'lists', 'tables', 'code'],
    content: '# Guide\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n',
    blocks: ['heading: Guide', 'list: - one', 'table: a | b\n1 | 2', 'code: x'],
  },
  {
    filename: 'fees.csv',
    features: ['tables'],
    content: 'town,fee\nBern,12\nChur,19\n',
    blocks: ['table: town: Bern | fee: 12\ntown: Chur | fee: 19'],
  },
  { filename: 'a.json', features: [], content: '{"a":{"b":1}}', blocks: ['paragraph: a.b: 1'] },
  { filename: 'a.jsonl', features: [], content: '{"a":1}\n', blocks: ['paragraph: [0].a: 1'] },
  {
    filename: 'a.txt',
    features: [],
    content: 'One.\n\nTwo.',
    blocks: ['paragraph: One.', 'paragraph: Two.'],
  },
  {
    filename: 'a.pdf',
    features: ['pages'],
    content: pdf([[{ text: 'The first page.', y: 700 }], [{ text: 'The second page.', y: 700 }]]),
    blocks: ['paragraph 1: The first page.', 'paragraph 2: The second page.'],
  },
];

export const formatSamples: readonly FormatSample[] = [...word, excel, slides, ...openDocuments, ...others];

export const bytesOf = async ({ content }: FormatSample): Promise<Uint8Array<ArrayBuffer>> =>
  typeof content === 'string' ? Uint8Array.from(new TextEncoder().encode(content)) : await content;
