import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv } from './csv.ts';

const linesOf = (text: string) => [...parseCsv(text)].flatMap((draft) => draft.text.split('\n'));

describe('ING-45: what names the columns', () => {
  test.each<[string, string, readonly string[]]>([
    ['names', 'Town,Fee\nBern,12\nChur,15\n', ['Town: Bern | Fee: 12', 'Town: Chur | Fee: 15']],
    [
      'no names',
      '2031-01-04,Bern,12\n2031-01-05,Chur,15\n',
      [
        'Column 1: 2031-01-04 | Column 2: Bern | Column 3: 12',
        'Column 1: 2031-01-05 | Column 2: Chur | Column 3: 15',
      ],
    ],
    [
      'no names, and values that come again',
      'open,red\nopen,blue\nshut,red\n',
      ['Column 1: open | Column 2: red', 'Column 1: open | Column 2: blue', 'Column 1: shut | Column 2: red'],
    ],
    [
      'years as names',
      'Region,2030,2031\nNorth,10,12\nSouth,20,22\n',
      ['Region: North | 2030: 10 | 2031: 12', 'Region: South | 2030: 20 | 2031: 22'],
    ],
    [
      'the same name twice, and none',
      'Name,Phone,Phone,\nAnna,111,222,x\n',
      ['Name: Anna | Phone: 111 | Phone (2): 222 | Column 4: x'],
    ],
    ['rows longer and shorter than the names', 'a,b\n1,2,3\n4\n', ['a: 1 | b: 2 | Column 3: 3', 'a: 4']],
    [
      'empty cells and columns',
      'Product,Q1,,Q3\nSaddle,,,5\nPedal,3,,9\n',
      ['Product: Saddle | Q3: 5', 'Product: Pedal | Q1: 3 | Q3: 9'],
    ],
    [
      'a title above',
      'Report of 2031\nMade by Ops,,\n\nRegion,Sales,Back\nNorth,120,4\nSouth,80,9\n',
      [
        'Report of 2031',
        'Made by Ops',
        'Region: North | Sales: 120 | Back: 4',
        'Region: South | Sales: 80 | Back: 9',
      ],
    ],
    [
      'a title in the same table',
      'Stanley Cups,,\nTeam,Place,Cups\nFlyers,PHI,2\nBruins,BOS,6\n',
      ['Stanley Cups', 'Team: Flyers | Place: PHI | Cups: 2', 'Team: Bruins | Place: BOS | Cups: 6'],
    ],
    [
      'two tables',
      'Town,Fee\nBern,12\n\nModel,Stock,Off\nSwift,7,3\nHeron,3,1\n',
      ['Town: Bern | Fee: 12', 'Model: Swift | Stock: 7 | Off: 3', 'Model: Heron | Stock: 3 | Off: 1'],
    ],
    [
      'a blank line inside of a table',
      'Town,Fee\nBern,12\n\nChur,15\n',
      ['Town: Bern | Fee: 12', 'Town: Chur | Fee: 15'],
    ],
    ['one column', 'apple\npear\nplum\n', ['apple', 'pear', 'plum']],
    ['one column with a name', 'Price\n12\n15\n', ['Price: 12', 'Price: 15']],
  ])('%s', (_name, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });
});

describe('what separates the cells', () => {
  test.each<[string, string, readonly string[]]>([
    ["Excel's own line", 'sep=;\r\nName;Town\r\nAnna;Bern, CH\r\n', ['Name: Anna | Town: Bern, CH']],
    [
      'semicolons beside decimal commas',
      'Artikel;Preis;Rabatt\nSattel;12,50;1,5\nPedal;8,90;0,5\n',
      ['Artikel: Sattel | Preis: 12,50 | Rabatt: 1,5', 'Artikel: Pedal | Preis: 8,90 | Rabatt: 0,5'],
    ],
    ['tabs', 'Name\tFee, net\nAnna\t1,200\n', ['Name: Anna | Fee, net: 1,200']],
    ['bars', 'Name|Town\nAnna|Bern\n', ['Name: Anna | Town: Bern']],
    [
      'semicolons under a title with commas',
      'Fees, fines, and the rest, 2031\n\nTown;Fee\nBern;12\nChur;15\n',
      ['Fees, fines, and the rest, 2031', 'Town: Bern | Fee: 12', 'Town: Chur | Fee: 15'],
    ],
    [
      'commas, with other marks in quotes',
      '"Name; first",City\n"A;B;C",Bern\n"D;E;F",Chur\n',
      ['Name; first: A;B;C | City: Bern', 'Name; first: D;E;F | City: Chur'],
    ],
  ])('%s', (_name, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });
});

test('line breaks and quotes in cells; a quote that is not closed is text, and said', () => {
  expect(linesOf('id,note\n1,"two\nlines, ""so"""\n')).toEqual(['id: 1 | note: two lines, "so"']);
  const drafts = [...parseCsv('Name,Note\nAnna,"open\nBeat,none\n')];
  expect(drafts.map(({ text }) => text).join('\n')).toContain('Name: Beat | Note: none');
  expect(drafts[0]?.remark).toContain('not closed');
});

test('any table with names over figures: each value stands beside its name', () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{2,8}$/);
  const table = fc
    .uniqueArray(name, { minLength: 2, maxLength: 6 })
    .chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.array(fc.tuple(...names.map(() => fc.integer())), { minLength: 1, maxLength: 20 }),
      ),
    );
  fc.assert(
    fc.property(table, fc.constantFrom(',', ';', '\t', '|'), ([names, rows], mark) => {
      const text = [names, ...rows].map((row) => row.join(mark)).join('\n');
      expect(linesOf(text)).toEqual(
        rows.map((row) => row.map((value, at) => `${names[at]}: ${value}`).join(' | ')),
      );
    }),
  );
});
