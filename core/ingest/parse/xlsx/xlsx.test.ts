import { expect, test } from 'vitest';
import { sheetData, workbookFile } from '../../../../tests/office-files.ts';
import { parseDocument } from '../../parse.ts';

const read = async (sheet: string) =>
  parseDocument({ filename: 'a.xlsx', contentType: '', bytes: await workbookFile({ Stock: sheet }) });

test('ING-21: every row of a long sheet names its cells, also in columns that begin far below', async () => {
  const rows = Array.from({ length: 4_500 }, (_, at) => [
    `Part ${at}`,
    at * 2,
    at % 2 === 0 ? 'north' : 'south',
    ...(at === 3_000 ? ['see shelf 9'] : []),
  ]);
  const blocks = await read(sheetData([['Parts of the depot'], ['Part', 'Price', 'Depot'], ...rows]));
  const lines = blocks.flatMap(({ text }) => text.split('\n'));
  expect(lines.slice(0, 2)).toEqual(['Stock', 'Parts of the depot']);
  expect(lines).toHaveLength(rows.length + 2);
  expect(lines[2 + 4_321]).toBe('Part: Part 4321 | Price: 8642 | Depot: south');
  expect(lines[2 + 3_000]).toBe('Part: Part 3000 | Price: 6000 | Depot: north | see shelf 9');
});

test('lines that stand alone are paragraphs, however many there are', async () => {
  const rows = Array.from({ length: 2_500 }, (_, at) =>
    at % 2 === 0 ? [`line ${at}`] : [null, `line ${at}`],
  );
  const blocks = await read(sheetData(rows));
  expect(blocks.filter(({ block }) => block === 'paragraph')).toHaveLength(2_500);
});
