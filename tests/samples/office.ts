import {
  cell,
  chartPart,
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
} from '../office-files.ts';
import type { FormatSample } from './sample.ts';

const math =
  '<m:oMath><m:r><m:t>F=m</m:t></m:r><m:sSup><m:e><m:r><m:t>a</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>';
const heading1 = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>';
const bullet =
  '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>';

export const wordSamples: readonly FormatSample[] = [
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

export const workbookSample: FormatSample = {
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
          ['in francs'],
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
    'paragraph: in francs',
    'table: Article | Price | From | Share\nSaddle | 1,234.50 CHF [Note by Ida: was 1100] | 01.05.2030 | 8.10%\nPedal (https://pedals.example.org) | 89.00 CHF | 02.05.2030 | 50.00%',
    'table: Depot | Stock\nNorth | 7\nSouth | 9',
    'table: Region | Snow | | Note\nAlps | 4 | 5 | x\nAlps | 6 | 7 | y',
    'figure: Chart: Sold',
    'table: | Saddles\nMay | 12',
  ],
  remark: /1 hidden sheet\(s\), 'Vault'.*1 hidden row/,
};

export const presentationSample: FormatSample = {
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
