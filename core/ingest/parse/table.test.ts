import { describe, expect, test } from 'vitest';
import { tableBlocks } from './table.ts';

const lines = (text: string): readonly string[] => text.split('\n');
const stock = Array.from({ length: 180 }, (_, at) => [
  `Part ${at + 1}`,
  `${at * 3}`,
  at % 2 === 0 ? 'yes' : '',
]);

describe('tables', () => {
  test('ING-21: each line of a long table names its cells, in every block', () => {
    const blocks = [...tableBlocks({ rows: [['Part', 'Price', 'Returnable'], ...stock], headerRows: 1 })];
    const text = blocks.flatMap((block) => lines(block.text));
    expect(text).toHaveLength(180);
    expect(text[109]).toBe('Part: Part 110 | Price: 327');
    expect(text[110]).toBe('Part: Part 111 | Price: 330 | Returnable: yes');
  });

  test('ING-21: a table of many rows is many blocks, and each has the header in its rows', () => {
    const rows = Array.from({ length: 4_000 }, (_, at) => [`Part ${at}`, 'x'.repeat(20)]);
    const blocks = [...tableBlocks({ rows: [['Part', 'Note'], ...rows], headerRows: 1 })];
    expect(blocks.length).toBeGreaterThan(3);
    expect(blocks.every((block) => block.rows?.[0]?.[0] === 'Part')).toBe(true);
    expect(blocks.flatMap((block) => block.rows?.slice(1) ?? [])).toEqual(rows);
  });

  test('ING-21: a short table is a grid', () => {
    const [block] = tableBlocks({
      rows: [
        ['Plan', 'Seats'],
        ['Small', '3'],
        ['Large', ''],
      ],
      headerRows: 1,
    });
    expect(block?.text).toBe('Plan | Seats\nSmall | 3\nLarge | ');
  });

  test('ING-22: a cell that spans rows is read in each of them', () => {
    const [block] = tableBlocks({
      rows: [
        ['Zone', 'Weight', 'Price'],
        [{ text: 'Europe', rowSpan: 2 }, '1 kg', '9 EUR'],
        ['5 kg', '17 EUR'],
        [
          { text: 'Asia', rowSpan: 2 },
          { text: '21 EUR flat', columnSpan: 2 },
        ],
        ['5 kg', '44 EUR'],
      ],
      headerRows: 1,
    });
    expect(lines(block?.text ?? '')).toEqual([
      'Zone | Weight | Price',
      'Europe | 1 kg | 9 EUR',
      'Europe | 5 kg | 17 EUR',
      'Asia | 21 EUR flat | ',
      'Asia | 5 kg | 44 EUR',
    ]);
    expect(block?.rows?.[2]).toEqual(['', '5 kg', '17 EUR']);
  });

  test('ING-21: names of several header rows are joined, also under a span', () => {
    const header = [
      [
        { text: 'Station', rowSpan: 2 },
        { text: 'Rainfall', columnSpan: 2 },
      ],
      ['mm', 'days'],
    ];
    const rows = Array.from({ length: 200 }, (_, at) => [`Station ${at}`, `${at}`, `${at % 30}`]);
    const [block] = tableBlocks({ rows: [...header, ...rows], headerRows: 2 });
    expect(lines(block?.text ?? '')[7]).toBe('Station: Station 7 | Rainfall / mm: 7 | Rainfall / days: 7');
  });

  test('ING-21: a cell over the whole width heads the rows under it', () => {
    const part = (name: string) => [
      [{ text: name, columnSpan: 2 }],
      ...Array.from({ length: 60 }, (_, at) => [`Part ${at}`, `${at}`]),
    ];
    const [block] = tableBlocks({
      rows: [['Part', 'Price'], ...part('Brakes'), ...part('Lights')],
      headerRows: 1,
    });
    const text = lines(block?.text ?? '');
    expect(text[0]).toBe('Brakes');
    expect(text[3]).toBe('Brakes | Part: Part 2 | Price: 2');
    expect(text.at(-1)).toBe('Lights | Part: Part 59 | Price: 59');
  });
});
