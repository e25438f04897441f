import { openDocumentFile } from '../office-files.ts';
import type { FormatSample } from './sample.ts';

const odtCell = (text: string, attributes = '') =>
  `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`;
const odtRow = (cells: readonly string[]) =>
  `<table:table-row>${cells.map((one) => (one.startsWith('<') ? one : odtCell(one))).join('')}</table:table-row>`;

export const openDocumentSamples: readonly FormatSample[] = [
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
