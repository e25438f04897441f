import { describe, expect, test } from 'vitest';
import { cell, paragraph, run, styled, table, wordFile, xmlPart } from '../../../../tests/office-files.ts';
import { Failure } from '../../../failure.ts';
import { parseDocument } from '../../parse.ts';

const read = async (file: Promise<Uint8Array<ArrayBuffer>>) =>
  parseDocument({ filename: 'a.docx', contentType: '', bytes: await file });

/** Each block as one line: its kind with the heading's level, and its text. */
const shown = async (file: Promise<Uint8Array<ArrayBuffer>>) =>
  (await read(file)).map(({ block, level = '', text }) => `${block}${level}: ${text}`);

const style = (id: string, name: string, more = '') =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${more}</w:style>`;

describe('Word documents: tables', () => {
  test('ING-22: cells that span rows and columns, rows that begin or end inside the grid', async () => {
    const merge = (value: string) => `<w:vMerge${value === '' ? '' : ` w:val="${value}"`}/>`;
    const file = wordFile(
      table(
        [
          ['Line', 'Stop', 'Leaves'],
          [cell('Blue', merge('restart')), 'Harbour', '06:10'],
          [cell('', merge('')), 'Mill', '06:25'],
          [cell('no service', '<w:gridSpan w:val="2"/>'), 'Sunday'],
          ['Quay', '07:00'],
          ['Red'],
        ],
        ['', '', '', '', '<w:gridBefore w:val="1"/>', '<w:gridAfter w:val="2"/>'],
      ),
    );
    const [block] = await read(file);
    expect(block?.text.split('\n').map((line) => line.trim())).toEqual([
      'Line | Stop | Leaves',
      'Blue | Harbour | 06:10',
      'Blue | Mill | 06:25',
      'no service |  | Sunday',
      '| Quay | 07:00',
      'Red |  |',
    ]);
    expect(block).toMatchObject({ block: 'table', headerRows: 1 });
  });

  test('names over several columns belong to each of them; a row over the whole width is the title', async () => {
    const wide = (text: string, columns: number) => cell(text, `<w:gridSpan w:val="${columns}"/>`);
    const rows = Array.from({ length: 120 }, (_, at) => [`Town ${at}`, `${at}`, `${at + 1}`]);
    const blocks = await read(
      wordFile(table([[wide('Votes', 3)], ['Town', wide('Round', 2)], ['', 'first', 'second'], ...rows])),
    );
    expect(blocks[0]).toMatchObject({ block: 'paragraph', text: 'Votes' });
    expect(blocks[1]).toMatchObject({ block: 'table', headerRows: 2 });
    expect(blocks[1]?.text).toContain('Town: Town 7 | Round / first: 7 | Round / second: 8');
  });

  test('a frame around text is read as the text in it; a table in a cell stays in its row', async () => {
    const list = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>';
    const numbering =
      '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>';
    const inner = table([
      ['Hall', 'Beds'],
      ['East', '12'],
    ]);
    const framed = table([[cell(`${paragraph('Notice')}${paragraph('Lights out at ten.', list)}${inner}`)]]);
    expect(await shown(wordFile(framed, { numbering }))).toEqual([
      'paragraph: Notice',
      'list: - Lights out at ten.',
      'table: Hall | Beds\nEast | 12',
    ]);
    const within = table([
      ['Site', 'Rooms'],
      ['North', cell(`${inner}${paragraph('')}`)],
      ['South', 'none'],
    ]);
    expect(await shown(wordFile(within))).toEqual([
      'table: Site | Rooms\nNorth | Hall | Beds; East | 12\nSouth | none',
    ]);
  });
});

describe('Word documents: headings, lists and code', () => {
  test('titles, headings by style, by outline and by bold type', async () => {
    const styles = `${style('Titel', 'Title')}${style('berschrift1', 'heading 1')}${style('Own', 'Chapter', '<w:basedOn w:val="berschrift1"/>')}${style('Q', 'Intense Quote', '<w:rPr><w:b/></w:rPr>')}`;
    const bold = (text: string) => paragraph(run(text, '<w:b/>'));
    expect(
      await shown(
        wordFile(
          [
            styled('Titel', 'Lease'),
            styled('berschrift1', 'Rent'),
            paragraph('Due monthly.'),
            styled('Own', 'Deposit'),
            bold('Return of the deposit'),
            paragraph('Within a month.'),
            bold('This sentence is stressed.'),
            styled('Q', 'As the poet says'),
            paragraph('Nothing.'),
            paragraph('Levelled', '<w:outlineLvl w:val="2"/>'),
          ].join(''),
          { styles },
        ),
      ),
    ).toEqual([
      'heading1: Lease',
      'heading2: Rent',
      'paragraph: Due monthly.',
      'heading2: Deposit',
      'heading3: Return of the deposit',
      'paragraph: Within a month.',
      'paragraph: This sentence is stressed.',
      'paragraph: As the poet says',
      'paragraph: Nothing.',
      'heading4: Levelled',
    ]);
  });

  test('numbers as Word shows them: on several levels, counted on after a note, begun anew, at headings', async () => {
    const level = (at: number, format: string, text: string, more = '') =>
      `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
    const numbering = [
      `<w:abstractNum w:abstractNumId="0">${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '%1%2)')}</w:abstractNum>`,
      `<w:abstractNum w:abstractNumId="1">${level(0, 'upperRoman', 'Part %1', '<w:pStyle w:val="H1"/>')}${level(1, 'decimal', '%1.%2', '<w:isLgl/><w:pStyle w:val="H2"/>')}</w:abstractNum>`,
      '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>',
    ].join('');
    const numbered = '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>';
    const styles = `${style('H1', 'heading 1', numbered)}${style('H2', 'heading 2', numbered)}`;
    const item = (text: string, list: number, at = 0) =>
      paragraph(text, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${list}"/></w:numPr>`);
    expect(
      await shown(
        wordFile(
          [
            styled('H1', 'Use'),
            styled('H2', 'Doors'),
            item('Unlock', 1),
            item('by key', 1, 1),
            item('by code', 1, 1),
            paragraph('Mind the step.'),
            item('Lift', 1),
            item('by hand', 1, 1),
            item('Restart', 2),
            styled('H2', 'Gates'),
            styled('H1', 'Care'),
            styled('H2', 'Oil'),
            paragraph('Monthly.'),
          ].join(''),
          { styles, numbering },
        ),
      ),
    ).toEqual([
      'heading1: Part I Use',
      'heading2: 1.1 Doors',
      'list: 1. Unlock\n  1a) by key\n  1b) by code',
      'paragraph: Mind the step.',
      'list: 2. Lift\n  2a) by hand\n7. Restart',
      'heading2: 1.2 Gates',
      'heading1: Part II Care',
      'heading2: 2.1 Oil',
      'paragraph: Monthly.',
    ]);
  });

  test('code keeps its lines and their indents, by style or by font', async () => {
    const mono = '<w:rFonts w:ascii="Consolas"/>';
    const body = [
      styled('Listing', 'pump:'),
      styled('Listing', '  bars: 7'),
      paragraph('Then restart.'),
      paragraph(run('pump restart', mono)),
      paragraph(run('pump   status', mono)),
    ].join('');
    expect(await shown(wordFile(body, { styles: style('Listing', 'Source Code') }))).toEqual([
      'code: pump:\n  bars: 7',
      'paragraph: Then restart.',
      'code: pump restart\npump   status',
    ]);
  });
});

describe('Word documents: what is not plain text', () => {
  const symbolBox = (checked: boolean) =>
    `<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="${checked ? 1 : 0}"/></w14:checkbox></w:sdtPr><w:sdtContent>${run('?')}</w:sdtContent></w:sdt>`;
  const field = (name: string, state: string) =>
    `<w:r><w:fldChar w:fldCharType="begin"><w:ffData>${state}</w:ffData></w:fldChar></w:r><w:r><w:instrText> ${name} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`;

  test('ING-23: boxes and choices of every age say their state', async () => {
    const list =
      '<w:ddList><w:result w:val="1"/><w:listEntry w:val="cash"/><w:listEntry w:val="card"/></w:ddList>';
    const body = [
      paragraph(`${symbolBox(true)}${run(' Signed')}`),
      paragraph(`${symbolBox(false)}${run(' Paid')}`),
      paragraph(`${field('FORMCHECKBOX', '<w:checkBox><w:checked/></w:checkBox>')}${run(' Insured')}`),
      paragraph(
        `${field('FORMCHECKBOX', '<w:checkBox><w:default w:val="0"/></w:checkBox>')}${run(' Tested')}`,
      ),
      paragraph(
        '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r><w:r><w:t xml:space="preserve"> Shipped</w:t></w:r>',
      ),
      paragraph('☐ Stored'),
      paragraph(`${run('Pays by ')}${field('FORMDROPDOWN', list)}`),
      paragraph(
        '<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Choose one.</w:t></w:r></w:sdtContent></w:sdt>',
      ),
    ].join('');
    expect(await shown(wordFile(body))).toEqual([
      'paragraph: [x] checked: Signed',
      'paragraph: [ ] not checked: Paid',
      'paragraph: [x] checked: Insured',
      'paragraph: [ ] not checked: Tested',
      'paragraph: [ ] not checked: Shipped',
      'paragraph: [ ] not checked: Stored',
      'paragraph: Pays by card',
    ]);
  });

  test('notes follow what they are notes on, comments stand at their place, changes are taken as accepted', async () => {
    const note = (id: number, text: string) => `<w:footnote w:id="${id}">${paragraph(text)}</w:footnote>`;
    const file = wordFile(
      [
        paragraph(`${run('The pump failed')}<w:r><w:footnoteReference w:id="4"/></w:r>${run(' in May.')}`),
        paragraph(
          `${run('We bought ')}<w:del>${run('two')}</w:del><w:ins>${run('three')}</w:ins>${run(' more')}<w:r><w:commentReference w:id="0"/></w:r>${run('.')}`,
        ),
        paragraph(
          `${run('Area 12 m')}${run('2', '<w:vertAlign w:val="superscript"/>')}${run(' hidden', '<w:vanish/>')}`,
        ),
      ].join(''),
      {
        footnotes: `<w:footnote w:id="0" w:type="separator">${paragraph('—')}</w:footnote>${note(4, 'Seal 9 was worn.')}`,
        comments: `<w:comment w:id="0" w:author="Ida">${paragraph('Ask for a rebate')}</w:comment>`,
      },
    );
    expect(await shown(file)).toEqual([
      'paragraph: The pump failed[1] in May.',
      'paragraph: [1] Seal 9 was worn.',
      'paragraph: We bought three more [Comment by Ida: Ask for a rebate].',
      'paragraph: Area 12 m²',
    ]);
  });

  test('links keep their addresses, pictures their descriptions, boxes their text once', async () => {
    const link = `<w:hyperlink r:id="go">${run('the form')}</w:hyperlink>`;
    const box = (text: string) => `<w:txbxContent>${paragraph(text)}</w:txbxContent>`;
    const drawing = `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:docPr id="1" descr="A pump seen from the left"/><wps:txbx>${box('Boxed words')}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>${box('Boxed words')}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
    const file = wordFile(
      paragraph(`${run('Use ')}${link}${run('.')}${drawing}`),
      {},
      { ways: [{ type: 'hyperlink', target: 'https://forms.example.org/7', id: 'go', isExternal: true }] },
    );
    expect(await shown(file)).toEqual([
      'paragraph: Use the form (https://forms.example.org/7).',
      'figure: A pump seen from the left',
      'paragraph: Boxed words',
    ]);
  });

  test('what every page repeats is said once, numbers of pages are not', async () => {
    const page =
      '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>';
    const file = wordFile(paragraph('Body.'), {
      header1: paragraph('Contract 88-C'),
      header2: paragraph('Contract 88-C'),
      footer1: `${paragraph('Valid to 2035')}${paragraph(`${run('Page ')}${page}`)}`,
    });
    expect(await shown(file)).toEqual([
      'paragraph: Contract 88-C',
      'paragraph: Body.',
      'paragraph: Valid to 2035',
    ]);
  });

  test('charts, diagrams and chunks of other formats say what is in them', async () => {
    const points = (kind: string, values: readonly string[]) =>
      `<c:${kind}Cache>${values.map((value, at) => `<c:pt idx="${at}"><c:v>${value}</c:v></c:pt>`).join('')}</c:${kind}Cache>`;
    const chart = xmlPart(
      'c:chartSpace',
      `<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Leaks by year</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef>${points('str', ['Leaks'])}</c:strRef></c:tx><c:cat><c:strRef>${points('str', ['2031', '2032'])}</c:strRef></c:cat><c:val><c:numRef>${points('num', ['14', '9'])}</c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>`,
    );
    const diagram = xmlPart(
      'dgm:dataModel',
      `<dgm:ptLst><dgm:pt modelId="0" type="doc"/>${['Find', 'Close'].map((word, at) => `<dgm:pt modelId="${at + 1}"><dgm:t><a:p><a:r><a:t>${word}</a:t></a:r></a:p></dgm:t></dgm:pt>`).join('')}</dgm:ptLst><dgm:cxnLst><dgm:cxn srcId="0" destId="1" srcOrd="1"/><dgm:cxn srcId="0" destId="2" srcOrd="0"/></dgm:cxnLst>`,
    );
    const drawn = (inner: string) => paragraph(`<w:r><w:drawing>${inner}</w:drawing></w:r>`);
    const file = wordFile(
      `${drawn('<c:chart r:id="c1"/>')}${drawn('<dgm:relIds r:dm="d1"/>')}<w:altChunk r:id="h1"/>`,
      {},
      {
        ways: [
          { type: 'chart', target: 'charts/chart1.xml', id: 'c1' },
          { type: 'diagramData', target: 'diagrams/data1.xml', id: 'd1' },
          { type: 'aFChunk', target: 'part.html', id: 'h1' },
        ],
        files: {
          'word/charts/chart1.xml': chart,
          'word/diagrams/data1.xml': diagram,
          'word/part.html': '<html><body><p>Chunk of a page.</p></body></html>',
        },
      },
    );
    expect(await shown(file)).toEqual([
      'figure: Chart: Leaks by year',
      'table: | Leaks\n2031 | 14\n2032 | 9',
      'list: - Close\n- Find',
      'paragraph: Chunk of a page.',
    ]);
  });

  test('ING-54: equations are LaTeX', async () => {
    const t = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
    const part = (name: string, inner: string) => `<m:${name}>${inner}</m:${name}>`;
    const equations: readonly (readonly [string, string])[] = [
      [`${t('E=m')}${part('sSup', `${part('e', t('c'))}${part('sup', t('2'))}`)}`, 'E=mc^2'],
      [part('f', `${part('num', t('1'))}${part('den', t('1+x'))}`), '\\frac{1}{1+x}'],
      [part('rad', `<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>${part('e', t('2gh'))}`), '\\sqrt{2gh}'],
      [part('rad', `${part('deg', t('3'))}${part('e', t('V'))}`), '\\sqrt[3]{V}'],
      [
        part(
          'nary',
          `<m:naryPr><m:chr m:val="∑"/></m:naryPr>${part('sub', t('i=1'))}${part('sup', t('n'))}${part('e', part('sSub', `${part('e', t('x'))}${part('sub', t('i'))}`))}`,
        ),
        '\\sum_{i=1}^n x_i',
      ],
      [
        part(
          'd',
          `<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>${part('e', part('m', `${part('mr', `${part('e', t('a'))}${part('e', t('b'))}`)}${part('mr', `${part('e', t('c'))}${part('e', t('d'))}`)}`))}`,
        ),
        '\\left[\\begin{matrix}a & b \\\\ c & d\\end{matrix}\\right]',
      ],
      [
        `${t('α+')}${part('acc', `<m:accPr><m:chr m:val="⃗"/></m:accPr>${part('e', t('F'))}`)}${t('≤π')}`,
        '\\alpha+\\vec{F}\\leq\\pi',
      ],
      [part('func', `${part('fName', t('sin'))}${part('e', t('θ'))}`), '\\sin\\theta'],
    ];
    for (const [omml, latex] of equations) {
      const file = wordFile(paragraph(`${run('So ')}<m:oMath>${omml}</m:oMath>${run(' holds.')}`));
      expect(await shown(file)).toEqual([`paragraph: So $${latex}$ holds.`]);
    }
  });
});

test('ING-53: a document whose parts are damaged is refused, whatever the parser throws', async () => {
  const cut = wordFile(
    paragraph('x'),
    {},
    { files: { 'word/document.xml': '<w:document xmlns:w="u"><w:body><w:p>' } },
  );
  await expect(read(cut)).rejects.toMatchObject({ details: { reason: 'malformed' } });
  const thrown = await read(cut).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
});
