import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { docx, docxOf, encryptedPdf, pdf, zip } from '../../tests/documents.ts';
import { Failure } from '../failure.ts';
import { type Block, parsedText, placeBlocks } from './block.ts';
import { MAX_MARKDOWN_BYTES, MAX_PDF_PAGES, MAX_SOURCE_BYTES } from './limits.ts';
import { parseDocument } from './parse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

const parse = (filename: string, content: string | Uint8Array<ArrayBuffer>, contentType = '') =>
  parseDocument({
    filename,
    contentType,
    bytes: typeof content === 'string' ? bytesOf(content) : content,
  });

/** Blocks without their places, after checking those. */
async function read(filename: string, content: string | Uint8Array<ArrayBuffer>) {
  const blocks = await parse(filename, content);
  const text = parsedText(blocks);
  for (const block of blocks) expect(text.slice(block.start, block.end)).toBe(block.text);
  return blocks.map(({ start: _start, end: _end, ...block }: Block) => block);
}

async function reasonOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => new Error('It was read.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  return error.details.reason;
}

describe('blocks of each format', () => {
  test('Markdown: headings, paragraphs, nested lists, tables with rows, code; marks are dropped', async () => {
    const blocks = await read(
      'guide.md',
      '---\ntitle: x\n---\n# Care *and* repair\n\nUse **dry** lube,\nnot [oil](http://x).\n\n- one\n  - two\n- three\n\n| Part | Price |\n|---|---|\n| Chain | 29 |\n\n```sh\nnpm start\n```\n',
    );
    expect(blocks).toEqual([
      { text: 'title: x', block: 'paragraph' },
      { text: 'Care and repair', block: 'heading', level: 1 },
      { text: 'Use dry lube, not oil.', block: 'paragraph' },
      { text: 'oil: http://x', block: 'paragraph' },
      { text: '- one\n  - two\n- three', block: 'list' },
      {
        text: 'Part | Price\nChain | 29',
        block: 'table',
        rows: [
          ['Part', 'Price'],
          ['Chain', '29'],
        ],
        headerRows: 1,
      },
      { text: 'npm start', block: 'code' },
    ]);
  });

  test('Markdown: a rule at the top is no front matter, and a long one no nesting', async () => {
    const texts = async (content: string) => (await read('a.md', content)).map(({ text }) => text);
    expect(await texts('---\r\ntitle: x\r\ntags:\r\n  - a\r\n---\r\nBody.')).toEqual([
      'x',
      'tags:\n  - a',
      'Body.',
    ]);
    expect(await texts('---\n\nNote: this stays.\nAnd this.\n\n---\nAfter.')).toEqual([
      'Note: this stays. And this.',
      'After.',
    ]);
    expect(await texts(`Before.\n\n${'-'.repeat(300)}\n\nAfter.`)).toEqual(['Before.', 'After.']);
  });

  test('Markdown: a long text read in slices has the blocks of its sections', async () => {
    const section =
      '## Part\n\nSee *the* [guide][1],\ntwice.\n\n- one\n  - two\n\n~~~md\n# no heading\n\n| a |\n~~~\n\n| Part | Price |\n|---|---|\n| Chain | 29 |\n\n> Quoted.\n\n';
    const link = '[1]: http://x\n';
    const blocks = await read('a.md', section + link);
    expect(blocks.map(({ text }) => text)).toContain('See the guide, twice.');
    expect(await read('a.md', section.repeat(600) + link)).toEqual(Array(600).fill(blocks).flat());
    const rows = '| Chain | 29 |\n'.repeat(5_000);
    const tables = await read('a.md', `| Part | Price |\n|---|---|\n${rows}`);
    expect(tables.length).toBeGreaterThan(1);
    for (const table of tables)
      expect(table).toMatchObject({
        block: 'table',
        rows: [['Part', 'Price'], ['Chain', '29'], ...(table.rows ?? []).slice(2)],
      });
    expect(tables.flatMap((table) => table.rows?.slice(1) ?? []).length).toBe(5_000);
    const code = await read('a.md', `\`\`\`\n${'# line\n'.repeat(15_000)}\`\`\`\n\nAfter.`);
    expect(new Set(code.slice(0, -1).map(({ block }) => block))).toEqual(new Set(['code']));
    expect(code.at(-1)).toEqual({ text: 'After.', block: 'paragraph' });
    const lists = await read('a.md', '- one\n  - two\n\n    more\n'.repeat(2_000));
    expect(new Set(lists.map(({ block }) => block))).toEqual(new Set(['list']));
    const [line] = await read('a.md', 'word '.repeat(50_000));
    expect(line?.block).toBe('paragraph');
  }, 30_000);

  test('HTML: what stands in a list without being an item of it is kept', async () => {
    const [list] = await read(
      'a.html',
      '<ul>loose<li>one</li><ul><li>two</li></ul><p>three</p><li hidden>no</li></ul>',
    );
    expect(list).toEqual({ text: '- loose\n- one\n  - two\n- three', block: 'list' });
  });

  test('text: paragraphs at blank lines, Windows line ends, a byte order mark', async () => {
    expect(await read('a.txt', '\uFEFFFirst\r\nline\r\n\r\n \r\nSecond')).toEqual([
      { text: 'First\nline', block: 'paragraph' },
      { text: 'Second', block: 'paragraph' },
    ]);
    const utf16 = new Uint8Array([0xff, 0xfe, 0x48, 0, 0x69, 0]);
    expect(await read('b.txt', utf16)).toEqual([{ text: 'Hi', block: 'paragraph' }]);
  });

  test('HTML: the main content; scripts, navigation and what is hidden stay out', async () => {
    const blocks = await read(
      'page.html',
      `<html><head><title>T</title><style>p{}</style></head><body><nav>Home</nav>
       <main><h2>Range &amp; speed</h2><p>Up to <b>110</b> km.<br>Less in winter.</p><script>alert(1)</script>
       <p hidden>secret</p><div>Loose <em>text</em><ul><li>a<ol><li>b</li></ol></li></ul></div>
       <table><tr><th colspan="2">Codes</th></tr><tr><td>E07</td><td>sensor</td></tr></table></main><footer>©</footer></body></html>`,
    );
    expect(blocks).toEqual(
      [
        { text: 'T', block: 'heading', level: 1 },
        { text: 'Range & speed', block: 'heading', level: 2 },
        { text: 'Up to 110 km. Less in winter.', block: 'paragraph' },
        { text: 'Loose text', block: 'paragraph' },
        { text: '- a\n  1. b', block: 'list' },
        {
          text: 'Codes | \nE07 | sensor',
          block: 'table',
          rows: [
            ['Codes', ''],
            ['E07', 'sensor'],
          ],
          headerRows: 1,
        },
      ].slice(1),
    );
  });

  test('CSV: each line names its columns, each block begins with the header', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => `Part ${index};${index},50`);
    const blocks = await read('prices.csv', `name;price\n${rows.join('\n')}`);
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks[0]?.text.split('\n')[0]).toBe('name: Part 0 | price: 0,50');
    for (const block of blocks) expect(block.rows?.[0]).toEqual(['name', 'price']);
    expect(blocks.flatMap((block) => block.text.split('\n'))).toHaveLength(1_000);
  });

  test('JSON: a path and a value a line; records with their fields', async () => {
    expect(await read('a.json', '{"bike":{"gears":[9,11],"name":"Heron"},"stock":true}')).toEqual([
      { text: 'bike.gears[0]: 9\nbike.gears[1]: 11\nbike.name: Heron\nstock: true', block: 'paragraph' },
    ]);
    expect(await read('a.jsonl', '{"q":"Why?"}\n\n{"q":"How?"}\n')).toMatchObject([
      { text: 'q: Why?\nq: How?', block: 'table' },
    ]);
  });

  test('DOCX: headings and paragraphs', async () => {
    expect(
      await read('a.docx', await docx(['# Handbook', 'Everybody has 30 days.', 'Two move over.'])),
    ).toEqual([
      { text: 'Handbook', block: 'heading', level: 1 },
      { text: 'Everybody has 30 days.', block: 'paragraph' },
      { text: 'Two move over.', block: 'paragraph' },
    ]);
  });

  test('PDF: pages, headings by size, lines joined to paragraphs, hyphens undone, boxes', async () => {
    const blocks = await read(
      'a.pdf',
      pdf([
        [
          { text: 'Safety', size: 20, y: 760 },
          { text: 'Wear safety glasses at the grind-', y: 720 },
          { text: 'ing station.', y: 706 },
          { text: 'Call the shift lead.', y: 660 },
        ],
        [{ text: 'The second page.', y: 760 }],
      ]),
    );
    expect(blocks).toMatchObject([
      { text: 'Safety', block: 'heading', level: 1, page: 1 },
      { text: 'Wear safety glasses at the grinding station.', block: 'paragraph', page: 1 },
      { text: 'Call the shift lead.', block: 'paragraph', page: 1 },
      { text: 'The second page.', block: 'paragraph', page: 2 },
    ]);
    const [x0, y0, x1, y1] = blocks[1]?.bbox ?? [0, 0, 0, 0];
    expect([x0, y0, y1]).toEqual([72, 703.58, 731]);
    expect(x1).toBeGreaterThan(200);
  });

  test('PDF: a page without text is a figure that says so, in its place', async () => {
    const line = (text: string) => [{ text, y: 700 }];
    const blocks = await read('a.pdf', pdf([line('First page.'), [], line('Third page.')]));
    expect(blocks.map(({ page, block, unread }) => [page, block, unread])).toEqual([
      [1, 'paragraph', undefined],
      [2, 'figure', true],
      [3, 'paragraph', undefined],
    ]);
    expect(blocks[1]?.text).toContain('Page 2 has no text');
  });

  test('PDF: text in columns with gaps at the same places is a table', async () => {
    const row = (y: number, ...cells: readonly string[]) =>
      cells.map((text, at) => ({ text, x: 72 + at * 150, y }));
    const blocks = await read(
      'a.pdf',
      pdf([
        [
          { text: 'Prices of the workshop, in euros, with everything included:', y: 760 },
          ...row(720, 'Service', 'Price', 'Minutes'),
          ...row(706, 'Small', '49', '45'),
          ...row(692, 'Large', '119', '120'),
          { text: 'Invoices are paid within 21 days.', y: 640 },
        ],
      ]),
    );
    expect(blocks.map((block) => block.block)).toEqual(['paragraph', 'table', 'paragraph']);
    expect(blocks[1]).toMatchObject({
      text: 'Service | Price | Minutes\nSmall | 49 | 45\nLarge | 119 | 120',
      rows: [
        ['Service', 'Price', 'Minutes'],
        ['Small', '49', '45'],
        ['Large', '119', '120'],
      ],
    });
  });

  test('a text that speaks of the mark of PDF is a text, and a PDF without a name of its own is a PDF', async () => {
    const [block] = await read('reader.txt', "if head.startswith('%PDF-'): raise ValueError");
    expect(block?.text).toContain('%PDF-');
    const [page] = await read('upload', pdf([[{ text: 'A page of its own.', y: 700 }]]));
    expect(page).toMatchObject({ text: 'A page of its own.', page: 1 });
  });

  test('the sample collection is read', async () => {
    const read = async (name: string) =>
      parsedText(await parse(name, new Uint8Array(readFileSync(`local/sample/${name}`))));
    expect(await read('team-handbook.pdf')).toContain('The working week has 38 hours.');
    expect(await read('heron-manual.html')).toContain('E07 means that the speed sensor has lost its magnet');
    expect(await read('service-prices.csv')).toContain('service: Large service | price_eur: 119');
  });
});

describe('hostile and broken documents are refused with a reason', () => {
  test.each([
    ['invalid UTF-8', 'a.txt', new Uint8Array([0x61, 0xff, 0x62]), 'not_utf8'],
    ['nothing but white space', 'a.md', bytesOf(' \n\t\n'), 'empty'],
    ['a picture', 'a.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]), 'needs_ocr'],
    ['a ZIP that breaks off', 'a.zip', bytesOf('PK\u0003\u0004…'), 'malformed'],
    ['a PDF that is text', 'a.pdf', bytesOf('hello'), 'malformed'],
    ['a PDF that breaks off', 'a.pdf', bytesOf('%PDF-1.7\n1 0 obj <<'), 'malformed'],
    ['a PDF that asks for a password', 'a.pdf', encryptedPdf(), 'encrypted'],
    ['a PDF without text', 'a.pdf', pdf([[], []]), 'needs_ocr'],
    ['JSON that breaks off', 'a.json', bytesOf('{"a":'), 'malformed'],
    [
      'JSON three hundred thousand deep',
      'a.json',
      bytesOf(`${'['.repeat(3e5)}${']'.repeat(3e5)}`),
      'too_deep',
    ],
    ['HTML a hundred thousand deep', 'a.html', bytesOf('<div>'.repeat(1e5)), 'too_deep'],
    ['Markdown quotes a hundred thousand deep', 'a.md', bytesOf(`${'>'.repeat(1e5)} x`), 'too_deep'],
    ['Markdown lists a thousand deep', 'a.md', bytesOf(`${'1. '.repeat(1e3)}x`), 'too_deep'],
    ['a CSV of six million cells', 'a.csv', bytesOf(`${','.repeat(9e5)}\n`.repeat(7)), 'too_large'],
    ['a JSON of six million lists', 'a.json', bytesOf(`[${'[],'.repeat(6e6)}1]`), 'too_large'],
    ['an HTML page of a million elements', 'a.html', bytesOf('<br>'.repeat(1e6)), 'too_large'],
    ['more Markdown than is read', 'a.md', new Uint8Array(MAX_MARKDOWN_BYTES + 1).fill(0x61), 'too_large'],
    ['more bytes than are read', 'a.txt', new Uint8Array(MAX_SOURCE_BYTES + 1).fill(0x61), 'too_large'],
    ['more text than is indexed', 'a.txt', new Uint8Array(9_000_000).fill(0x61), 'too_large'],
    ['a million paragraphs', 'a.txt', bytesOf('a\n\n'.repeat(1e6)), 'too_large'],
  ])('%s', async (_name, filename, bytes, reason) => {
    expect(await reasonOf(parse(filename, bytes))).toBe(reason);
  });

  test('a PDF with too many pages', async () => {
    const pages = Array.from({ length: MAX_PDF_PAGES + 1 }, () => [{ text: 'x', y: 700 }]);
    expect(await reasonOf(parse('a.pdf', pdf(pages)))).toBe('too_many_pages');
  });

  test('a PDF whose page unpacks to gigabytes', async () => {
    const packed = deflateSync(Buffer.alloc(40 * 1024 * 1024, ' ')).toString('latin1');
    const bomb = pdf([[]]);
    const text = Buffer.from(bomb).toString('latin1');
    const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`;
    const filled = text.replace(/<< \/Length 0 >>\nstream\n\nendstream/, () => stream);
    const bytes = Uint8Array.from(Buffer.from(filled, 'latin1'));
    expect(bytes.length).toBeGreaterThan(bomb.length + packed.length);
    expect(await reasonOf(parse('a.pdf', bytes))).toBe('too_large');
    const picture = filled.replace('/Filter', '/Subtype /Image /Filter');
    expect(await reasonOf(parse('a.pdf', Uint8Array.from(Buffer.from(picture, 'latin1'))))).toBe('needs_ocr');
  }, 30_000);

  test('a ZIP bomb stops at the limit, whatever its directory claims', async () => {
    const zeros = new Uint8Array(80 * 1024 * 1024);
    expect(await reasonOf(parse('a.docx', await zip({ 'word/document.xml': zeros }, 10)))).toBe('too_large');
  }, 30_000);

  test('a ZIP whose directory hides entries is damaged; bytes in front of one are no harm', async () => {
    expect(await reasonOf(parse('a.docx', await docxOf('<w:p><w:r><w:t>x</w:t></w:r></w:p>', 1)))).toBe(
      'malformed',
    );
    const inFront = new Uint8Array([...bytesOf('PK\u0003\u0004'), ...(await docx(['x']))]);
    expect(parsedText(await parse('a.docx', inFront))).toBe('x');
  });

  test('a ZIP of too many files, a damaged one, one that is no Word document, one nested too deep', async () => {
    const many = Object.fromEntries(Array.from({ length: 4_001 }, (_, index) => [`f${index}`, '']));
    expect(await reasonOf(parse('a.docx', await zip(many)))).toBe('too_large');
    expect(await reasonOf(parse('a.docx', (await docx(['x'])).slice(0, 300)))).toBe('malformed');
    expect(await reasonOf(parse('a.docx', await zip({ 'a.txt': 'x' })))).toBe('unsupported_format');
    expect(await reasonOf(parse('a.docx', await docxOf('<w:p>'.repeat(5_000))))).toBe('too_deep');
  }, 30_000);
});

test('ING-9, ING-10, ING-11, ING-12: every offset gives the block’s own text, whatever the text is', () => {
  const space = fc
    .tuple(fc.constantFrom(' ', '\t', '\n', '\u00a0', ' \n'), fc.integer({ min: 1, max: 200 }))
    .map(([one, times]) => one.repeat(times));
  const text = fc
    .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), space), { maxLength: 4 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const blocks = [...placeBlocks(texts.map((text) => ({ text, block: 'paragraph' as const })))];
      const text = parsedText(blocks);
      const wrong = blocks.filter(
        (block) => block.text === '' || text.slice(block.start, block.end) !== block.text,
      );
      expect([text.isWellFormed(), wrong]).toEqual([true, []]);
      for (const block of blocks) {
        expect(block.text).toBe(block.text.trim());
        expect(block.text).not.toMatch(/\s{65}/);
      }
    }),
    { numRuns: 200 },
  );
}, 30_000);
