import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, chinesePage, lines, type PdfPage, pdfFile, rows, stroke } from '../../../tests/pdf-file.ts';
import { Failure } from '../../failure.ts';
import { type Block, placeBlocks } from '../block.ts';
import type { CharacterMaps } from '../character-maps.ts';
import { parsePdf } from './pdf.ts';
import { isLegible } from './pdf-legibility.ts';

const maps: CharacterMaps = async (name) =>
  new Uint8Array(
    await readFile(new URL(`../../../node_modules/pdfjs-dist/cmaps/${name}.bcmap`, import.meta.url)),
  );

const read = async (pages: readonly PdfPage[], options = {}): Promise<readonly Block[]> => [
  ...placeBlocks(await parsePdf(pdfFile(pages, options), maps)),
];
const page = (content: string): PdfPage => ({ content });
const texts = (blocks: readonly Block[]) => blocks.filter((one) => !one.furniture).map(({ text }) => text);

const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  return error instanceof Failure ? { reason: error.details.reason, message: error.message } : error;
};

describe('ING-31: pages that cannot be read', () => {
  const three = ['one', 'two', 'three'].map((name) => page(at(72, 700, `Here stands number ${name}.`)));

  test('a page that is missing is unread, and the others are read', async () => {
    const blocks = await read(three, { kids: ([a, , c]: readonly string[]) => [a, '99 0 R', c] });
    expect(blocks.map(({ page, unread, text }) => [page, unread ?? text])).toEqual([
      [1, 'Here stands number one.'],
      [2, true],
      [3, 'Here stands number three.'],
    ]);
    expect(blocks[1]?.text).toBe('[Page 2 is damaged and could not be read.]');
  });

  test('a page tree that runs in a circle ends', async () => {
    const blocks = await read(three, { kids: ([a, b]: readonly string[]) => [a, b, '2 0 R'] });
    expect(texts(blocks).slice(0, 2)).toEqual(['Here stands number one.', 'Here stands number two.']);
  });

  test('a file without any page that can be read is refused as damaged', async () => {
    expect(await refusalOf(read(three, { kids: () => ['99 0 R'] }))).toMatchObject({ reason: 'malformed' });
  });

  test('a form that only Adobe Reader shows says so', async () => {
    const waiting = lines(72, 700, [
      'Please wait...',
      'If this message is not eventually replaced by the proper contents of the document, your PDF',
      'viewer may not be able to display this type of document.',
    ]);
    expect(await refusalOf(read([page(waiting)]))).toMatchObject({ reason: 'unsupported_format' });
  });

  test.each([
    [
      'a shifted alphabet',
      'Wkh txlfn eurzq ira mxpsv ryhu wkh odcb grj dqg wkhq vohhsv lq wkh vkdgh ri wkh rog rdn.',
    ],
    [
      'marks and figures',
      '"!&$ %!/ &(\'! $#%& +*-\'! "#$ %&/(\' !"#$ %&/ ()=? *+~# <>|@ {}[] ;:_- !$%& /()=',
    ],
  ])('a page whose text layer is %s is unread, and alone asks for OCR', async (_, garbage) => {
    const garbled = page(lines(72, 700, [garbage, garbage, garbage]));
    const blocks = await read([...three.slice(0, 1), garbled]);
    expect(blocks.map(({ unread }) => unread)).toEqual([undefined, true]);
    expect(blocks[1]?.text).toContain('do not say which letters');
    expect(await refusalOf(read([garbled]))).toMatchObject({ reason: 'needs_ocr' });
  });

  test('tables of figures, formulas, capitals and Welsh are text', async () => {
    for (const text of [
      'x = (a + b) / 2 and 12 345,60 - 7 % of 1.5 x 10 gives 4 711.00 EUR; see (3.1)-(3.4) [7], [8]',
      'AGENDA: DR. SMITH, NHS, BBC, XML, PDF, HTML, CSS AND HTTP STANDARDS FOR THE CWMBRAN LIBRARY',
      'Mae hen wlad fy nhadau yn annwyl i mi, gwlad beirdd a chantorion, enwogion o fri; ein gwrol ryfelwyr',
    ]) {
      expect(texts(await read([page(lines(72, 700, [text, text, text]))]))[0]).toContain(text.slice(0, 20));
    }
  });
});

test('a text layer of control characters, of private letters and of marks of replacement is not legible', () => {
  const words = 'Perceived usefulness was rated by all of the forty participants of the study.';
  expect(isLegible(words)).toBe(true);
  for (const strange of ['\u0002', '\ue004', '\ufffd']) {
    expect(isLegible([...words].join(strange))).toBe(false);
    expect(isLegible(`${strange} ${words}\n${strange} ${words}`)).toBe(true);
  }
});

/** Without figures, which would make page numbers of words. */
const word = (number: number) => `wort${[...`${number}`].map((one) => 'abcdefghij'[Number(one)]).join('')}x`;

test('ING-33: wherever words and rules stand, no word is lost', async () => {
  const place = fc.record({
    x: fc.nat(45),
    y: fc.nat(60),
    size: fc.constantFrom(7, 10, 11, 16),
    bold: fc.boolean(),
  });
  const rule = fc.record({
    x: fc.nat(9),
    y: fc.nat(14),
    length: fc.integer({ min: 1, max: 9 }),
    lies: fc.boolean(),
  });
  const drawn = fc.record({
    words: fc.array(place, { minLength: 1, maxLength: 60 }),
    rules: fc.array(rule, { maxLength: 40 }),
    rotate: fc.constantFrom(0, 90),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 3 }), async (made) => {
      let count = 0;
      const next = () => {
        count += 1;
        return word(count);
      };
      const pages = made.map(({ words, rules, rotate }) => ({
        rotate,
        content:
          words
            .map(({ x, y, size, bold }) =>
              at(20 + x * 11, 60 + y * 12, next(), { size, font: bold ? 'F2' : 'F1' }),
            )
            .join('') +
          rules
            .map(({ x, y, length, lies }) =>
              stroke(
                20 + x * 55,
                60 + y * 48,
                20 + (x + (lies ? length : 0)) * 55,
                60 + (y + (lies ? 0 : length)) * 48,
              ),
            )
            .join(''),
      }));
      const all = (await read(pages)).map(({ text }) => text).join('\n');
      const found = new Set(all.match(/wort[a-j]+x/g));
      expect(
        Array.from({ length: count }, (_, one) => word(one + 1)).filter((one) => !found.has(one)),
      ).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);

describe('writing', () => {
  test('a Chinese font without its own map is read through the predefined one, its lines joined without a space', async () => {
    expect(texts(await read([chinesePage('合同编号为七七三一，租金每', '月八千四百元。')]))).toEqual([
      '合同编号为七七三一，租金每月八千四百元。',
    ]);
  });

  test('a page whose font needs a map that is not there is unread, not empty', async () => {
    const bytes = pdfFile([page(at(72, 700, 'The first page.')), chinesePage('合同编号')]);
    const blocks = [...placeBlocks(await parsePdf(bytes))];
    expect(blocks.map(({ unread }) => unread)).toEqual([undefined, true]);
    expect(blocks[1]?.text).toContain('character map');
  });

  test('raised figures are marks of their own, powers and ordinals stay', async () => {
    const small = { size: 7 };
    const blocks = await read([
      page(
        `${at(72, 700, 'It has 4 711', {})}${at(136.2, 704, '2', small)}` +
          `${at(72, 660, 'of 12 m')}${at(109.4, 664, '2', small)}${at(72, 620, 'the 3')}${at(94.5, 624, 'rd', small)}`,
      ),
    ]);
    expect(texts(blocks)).toEqual(['It has 4 711 ²', 'of 12 m²', 'the 3rd']);
  });

  test('bold that is made by printing twice is read once', async () => {
    const twice = `${at(72, 700, 'Deposit')}${at(72.3, 700, 'Deposit')}${at(72, 686, 'is due in May.')}`;
    expect(texts(await read([page(twice)]))).toEqual(['Deposit is due in May.']);
  });

  test.each([
    ['a syllable', [], ['the consid-', 'erable sum'], 'the considerable sum'],
    [
      'a compound of the document',
      ['A well-being check is made.'],
      ['of well-', 'being and'],
      'of well-being and',
    ],
    [
      'a word of the document',
      ['The wellbeing of all counts.'],
      ['of well-', 'being and'],
      'of wellbeing and',
    ],
    ['a common compound', [], ['a long-', 'term contract'], 'a long-term contract'],
    ['a name', [], ['the Baden-', 'Baden line'], 'the Baden-Baden line'],
    ['an omitted part', [], ['die Haupt-', 'und Nebenkosten'], 'die Haupt- und Nebenkosten'],
  ])('a hyphen at a line end: %s', async (_, before, cut, joined) => {
    const blocks = await read([page(lines(72, 760, before) + lines(72, 700, cut))]);
    expect(texts(blocks).at(-1)).toBe(joined);
  });
});

describe('ING-32: furniture', () => {
  const head = (number: number) =>
    `${at(72, 815, 'Storm manual', { size: 9 })}${at(480, 815, `Page ${number} of 4`, { size: 9 })}`;
  const body = ['The first rule', 'A second clause', 'One more thing', 'Last of all'];

  test('running heads and page numbers stand apart, behind the text', async () => {
    const blocks = await read(
      body.map((text, place) =>
        page(head(place + 1) + at(72, 700, `${text} is said here.`) + at(290, 30, `${place + 7}`)),
      ),
    );
    expect(texts(blocks)).toEqual(body.map((text) => `${text} is said here.`));
    expect(blocks.slice(4).every(({ furniture }) => furniture)).toBe(true);
    expect(blocks).toHaveLength(12);
  });

  test('heads that alternate between left and right pages are found', async () => {
    const blocks = await read(
      [...body, ...body].map((text, place) =>
        page(
          at(72, 815, place % 2 ? 'Handbook' : `Chapter ${'ABCDEFGH'[place]}`, { size: 8 }) +
            at(72, 700, `${text}.`),
        ),
      ),
    );
    expect(blocks.filter(({ furniture }) => furniture).map(({ text }) => text)).toEqual(
      Array(4).fill('Handbook'),
    );
  });

  test('what repeats in the text, titles with numbers and headings of tables are no furniture', async () => {
    const table = [
      ['Part', 'Price'],
      ...Array.from({ length: 12 }, (_, row) => [`Bolt ${row}`, `${row * 7}`]),
    ];
    const pages = [1, 2, 3].map((number) =>
      page(
        at(72, 780, `Chapter ${number}`, { size: 18 }) +
          at(72, 740, `Clause ${number}: the penalty is ${number * 111} francs.`) +
          rows([72, 300], 800, [], {}) +
          rows([72, 300], 700, table),
      ),
    );
    expect((await read(pages)).some(({ furniture }) => furniture)).toBe(false);
    const tops = [1, 2, 3].map(() => page(rows([72, 300], 810, table)));
    expect((await read(tops)).some(({ furniture }) => furniture)).toBe(false);
  });

  test('a page that holds furniture alone is unread', async () => {
    const blocks = await read(
      body.map((text, place) => page(head(place + 1) + (place === 2 ? '' : at(72, 700, `${text}.`)))),
    );
    expect(blocks.find(({ unread }) => unread)?.page).toBe(3);
  });

  test('a paragraph goes on overleaf, and knows where', async () => {
    const blocks = await read([
      page(head(1) + lines(72, 700, ['The originals are kept in a', 'cabinet that is proof against'])),
      page(head(2) + lines(72, 780, ['fire, and the manager looks', 'into it once a year.'])),
      page(head(3) + at(72, 700, 'Another matter.')),
    ]);
    const [first] = blocks;
    expect(first?.text).toBe(
      'The originals are kept in a cabinet that is proof against fire, and the manager looks into it once a year.',
    );
    expect(first?.pageBreaks).toEqual([{ at: first?.text.indexOf('fire'), page: 2 }]);
    expect(texts(blocks)[1]).toBe('Another matter.');
  });
});

describe('headings', () => {
  test('numbered and bold in the size of the text', async () => {
    const section = (y: number, title: string, text: string) =>
      at(72, y, title, { font: 'F2' }) + at(72, y - 22, text);
    const blocks = await read([
      page(
        section(760, '1. Purpose', 'This policy tells who may enter the server room.') +
          section(700, '2.1 Access', 'Only the two keepers hold a badge of class B.') +
          section(640, 'Visitors', 'A visitor signs the sheet and is never left alone.'),
      ),
    ]);
    expect(blocks.filter(({ block }) => block === 'heading').map(({ text, level }) => [text, level])).toEqual(
      [
        ['1. Purpose', 1],
        ['2.1 Access', 2],
        ['Visitors', 1],
      ],
    );
  });

  test('a figure in large type heads nothing', async () => {
    const blocks = await read([
      page(
        at(72, 760, '94 %', { size: 30 }) +
          lines(72, 720, ['of all parcels came on time in the', 'year of the report.']),
      ),
    ]);
    expect(blocks.some(({ block }) => block === 'heading')).toBe(false);
  });
});

describe('lists and columns', () => {
  test('bullets and numbers before a tab are a list', async () => {
    const blocks = await read([
      page(
        rows([72, 96], 700, [
          ['\x95', 'locks the gate,'],
          ['\x95', 'reads the meter,'],
          ['\x95', 'feeds the dogs.'],
        ]) +
          rows([72, 96], 620, [
            ['1.', 'Call the office.'],
            ['2.', 'Wait for the code.'],
            ['3.', 'Open the safe.'],
          ]),
      ),
    ]);
    expect(blocks.map(({ block, text }) => [block, text])).toEqual([
      ['list', '• locks the gate,\n• reads the meter,\n• feeds the dogs.'],
      ['list', '1. Call the office.\n2. Wait for the code.\n3. Open the safe.'],
    ]);
  });

  test('dot leaders are a table of contents', async () => {
    const dots = '. . . . . . . . . . . . . . .';
    const blocks = await read([
      page(
        rows([72, 250, 500], 700, [
          ['1 Scope', dots, '3'],
          ['2 Duties', dots, '15'],
          ['3 Fines', dots, '27'],
        ]),
      ),
    ]);
    expect(blocks).toMatchObject([{ block: 'list', text: '1 Scope … 3\n2 Duties … 15\n3 Fines … 27' }]);
  });

  test('columns of prose that were written row by row are read one after the other', async () => {
    const left = [
      'The north depot stores all of the',
      'paint and solvent of the firm; only',
      'two people may enter it at a time.',
    ];
    const right = [
      'The south depot stores timber and',
      'glass, and is open to all of the',
      'staff from six to nine o\u2019clock.',
    ];
    const blocks = await read([
      page(
        rows(
          [60, 320],
          700,
          left.map((text, row) => [text, right[row]?.replace('\u2019', "'") ?? '']),
          {},
          14,
        ),
      ),
    ]);
    expect(blocks.map(({ block, text }) => [block, text.slice(0, 50)])).toEqual([
      ['paragraph', left.join(' ').slice(0, 50)],
      ['paragraph', right.join(' ').slice(0, 50)],
    ]);
  });
});

describe('tables', () => {
  const table = (blocks: readonly Block[]) => blocks.find(({ block }) => block === 'table');
  const depots = [
    ['Depot', 'Boxes', 'Weight'],
    ['Aarau', '14', '220 kg'],
    ['Baden', '31', '480 kg'],
    ['Chur', '7', '95 kg'],
  ];

  test('wrapped cells stay in their row, the last one too', async () => {
    const blocks = await read([
      page(
        rows([72, 190, 410], 760, [['Duty', 'Who and when', 'Limit']], { font: 'F2' }) +
          [
            ['Fire watch', 'The night guard, every', '30 min', 'two hours, all floors'],
            ['Key control', 'The front desk counts', '15 min', 'all keys at closing time'],
            ['Lift check', 'An outside firm looks', '4 hours', 'at both lifts monthly'],
          ]
            .map(
              ([duty = '', who = '', limit = '', rest = ''], row) =>
                rows([72, 190, 410], 740 - row * 30, [[duty, who, limit]], { size: 10 }) +
                at(190, 728 - row * 30, rest, { size: 10 }),
            )
            .join(''),
      ),
    ]);
    expect(table(blocks)).toMatchObject({
      headerRows: 1,
      rows: [
        ['Duty', 'Who and when', 'Limit'],
        ['Fire watch', 'The night guard, every two hours, all floors', '30 min'],
        ['Key control', 'The front desk counts all keys at closing time', '15 min'],
        ['Lift check', 'An outside firm looks at both lifts monthly', '4 hours'],
      ],
    });
  });

  test('names of groups of columns span them, and make no columns', async () => {
    const xs = [60, 200, 280, 360, 440];
    const blocks = await read([
      page(
        at(230, 760, '2030', { font: 'F2' }) +
          at(390, 760, '2031', { font: 'F2' }) +
          rows(xs, 744, [['Region', 'Plan', 'Actual', 'Plan', 'Actual']], { font: 'F2' }) +
          rows(xs, 728, [
            ['North', '10', '11', '12', '13'],
            ['South', '20', '21', '22', '23'],
            ['West', '30', '', '32', '33'],
          ]),
      ),
    ]);
    expect(table(blocks)).toMatchObject({ headerRows: 2 });
    expect(table(blocks)?.rows?.[0]).toEqual(['', '2030', '', '2031', '']);
    expect(table(blocks)?.rows?.[4]).toEqual(['West', '30', '', '32', '33']);
  });

  test.each([90, 270])(
    'on a page that is turned by %d degrees, with boxes in the coordinates of the file',
    async (rotate) => {
      const turn = rotate === 90 ? '0 1 -1 0 595 0 cm' : '0 -1 1 0 0 842 cm';
      const blocks = await read([{ content: `q ${turn}\n${rows([72, 220, 370], 500, depots)}Q`, rotate }]);
      expect(table(blocks)?.rows).toEqual(depots);
      const [x0, y0, x1, y1] = table(blocks)?.bbox ?? [0, 0, 0, 0];
      expect(y1 - y0).toBeGreaterThan(x1 - x0);
      expect(rotate === 90 ? y0 : 842 - y1).toBe(72);
    },
  );

  test('printed across an upright page', async () => {
    const blocks = await read([{ content: `q 0 1 -1 0 595 0 cm\n${rows([72, 220, 370], 500, depots)}Q` }]);
    expect(table(blocks)?.rows).toEqual(depots);
  });

  test('two beside each other are two', async () => {
    const towns = [
      ['Town', 'Fee'],
      ['Bern', '12'],
      ['Chur', '15'],
      ['Zug', '44'],
    ];
    const models = [
      ['Model', 'Stock'],
      ['Swift', '7'],
      ['Heron', '3'],
      ['Wren', '91'],
    ];
    const blocks = await read([
      page(
        rows(
          [50, 120, 330, 420],
          740,
          towns.map((row, place) => [...row, ...(models[place] ?? [])]),
        ),
      ),
    ]);
    expect(blocks.map(({ rows }) => rows)).toEqual([towns, models]);
  });

  test('one that goes on over pages is one, with its heading once and the page of each row', async () => {
    const part = (from: number) =>
      Array.from({ length: 20 }, (_, row) => [`Part ${from + row}`, `${(from + row) * 3}`]);
    const heading = [['Part', 'Price in EUR']];
    const blocks = await read(
      [1, 21, 41].map((from) =>
        page(rows([72, 300], 800, heading, { font: 'F2' }) + rows([72, 300], 780, part(from))),
      ),
    );
    expect(blocks).toHaveLength(1);
    const [only] = blocks;
    expect(only?.rows).toHaveLength(61);
    expect(
      only?.pageBreaks?.map(({ at: offset, page }) => [only.text.slice(offset).split(' | ')[0], page]),
    ).toEqual([
      [expect.stringContaining('Part 21'), 2],
      [expect.stringContaining('Part 41'), 3],
    ]);
  });

  test('drawn ones beside each other, written row by row, keep their cells', async () => {
    const box = (x: number) =>
      [0, 20, 40, 60].map((down) => stroke(x, 700 - down, x + 160, 700 - down)).join('') +
      [0, 80, 160].map((right) => stroke(x + right, 700, x + right, 640)).join('');
    const three = [
      ['Town', 'Fee', 'Model', 'Stock', 'Line', 'Speed'],
      ['Bern', '12', 'Swift', '7', 'North', '61'],
      ['Chur', '15', 'Heron', '3', 'South', '65'],
    ];
    const blocks = await read([
      page(box(30) + box(210) + box(390) + rows([34, 114, 214, 294, 394, 474], 685, three, {}, 20)),
    ]);
    expect(blocks.map((one) => one.rows)).toEqual(
      [0, 2, 4].map((from) => three.map((row) => row.slice(from, from + 2))),
    );
  });

  test('drawn cells that span rows and columns, and are wrapped', async () => {
    const [xs, ys] = [
      [60, 200, 340, 480],
      [760, 740, 700, 660, 620],
    ] as const;
    const grid =
      ys.map((y, row) => stroke(row === 2 ? 200 : 60, y, 480, y)).join('') +
      xs.map((x, column) => stroke(x, column === 2 ? 740 : 760, x, 620)).join('');
    const blocks = await read([
      page(
        grid +
          at(70, 746, 'Zone') +
          at(210, 746, 'Parcel up to 5 kg') +
          at(70, 700, 'Europe') +
          lines(210, 726, ['by road, with', 'a signature'], {}, 12) +
          at(350, 718, '17 EUR') +
          lines(210, 686, ['by air, at', 'night'], {}, 12) +
          at(350, 678, '44 EUR') +
          at(70, 636, 'Asia') +
          at(210, 636, 'by air') +
          at(350, 636, '51 EUR'),
      ),
    ]);
    expect(table(blocks)?.rows).toEqual([
      ['Zone', 'Parcel up to 5 kg', ''],
      ['Europe', 'by road, with a signature', '17 EUR'],
      ['', 'by air, at night', '44 EUR'],
      ['Asia', 'by air', '51 EUR'],
    ]);
    expect(table(blocks)?.text).toContain('Europe | by air, at night | 44 EUR');
  });
});

describe('forms and comments', () => {
  const widget = (rect: string, entries: string) =>
    `<< /Type /Annot /Subtype /Widget /Rect [${rect}] /F 4 ${entries} >>`;

  test('values, ticks and choices stand beside their labels; passwords and hidden fields do not', async () => {
    const fields = [
      widget('200 697 400 713', '/FT /Tx /T (a) /V (Noor Haddad)'),
      widget('200 667 400 683', '/FT /Ch /Ff 131072 /T (b) /Opt [[(zh) (Zurich)] [(be) (Bern)]] /V (be)'),
      widget('72 638 84 650', '/FT /Btn /T (c) /V /On /AS /On /AP << /N << /On 3 0 R /Off 3 0 R >> >>'),
      widget('72 608 84 620', '/FT /Btn /T (d) /V /Off /AS /Off /AP << /N << /On 3 0 R /Off 3 0 R >> >>'),
      widget('200 577 400 593', '/FT /Tx /Ff 8192 /T (e) /V (secret)'),
    ];
    const blocks = await read([
      {
        content:
          at(72, 700, 'Applicant') +
          at(72, 670, 'Branch') +
          at(90, 640, 'Approved') +
          at(90, 610, 'Paid') +
          at(72, 580, 'Word'),
        entries: `/Annots [${fields.join(' ')}]`,
      },
    ]);
    const all = texts(blocks).join('\n');
    expect(all).toMatch(/Applicant (?:\| )?Noor Haddad/);
    expect(all).toMatch(/Branch (?:\| )?Bern/);
    expect(all).toContain('[x] Approved');
    expect(all).toContain('[ ] Paid');
    expect(all).not.toContain('secret');
  });

  test('a comment is text at its place', async () => {
    const note =
      '<< /Type /Annot /Subtype /Text /Rect [300 690 320 710] /Contents (Extended to June) /T (Kim) >>';
    const blocks = await read([
      {
        content: at(72, 700, 'It ends in May.') + at(72, 500, 'It is signed.'),
        entries: `/Annots [${note}]`,
      },
    ]);
    expect(texts(blocks)).toEqual(['It ends in May.', '[Comment by Kim: Extended to June]', 'It is signed.']);
  });
});
