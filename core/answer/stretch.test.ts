import { describe, expect, test } from 'vitest';
import { grown, stretchesOf } from './stretch.ts';
import { textBlocks } from './text-block.ts';

/** What is quoted for the sentence that begins with `words`. */
function quoted(text: string, words: string): readonly string[] {
  const start = text.indexOf(words);
  return stretchesOf(text, { start, end: start + words.length }).map((one) => text.slice(one.start, one.end));
}

const items = (count: number) =>
  Array.from({ length: count }, (_, at) => `- Item ${at + 1} has a good many words to say about itself.`);

describe('text blocks', () => {
  test('tells headings, prose, lists, tables and code', () => {
    const text = [
      'Returns',
      'You can send it back. It costs nothing.',
      'Bring the following:',
      '- the receipt\n- the parcel',
      '- and yourself',
      'Day | Opens\nMonday | 9:00',
      'npm run build --watch\nnpm test',
      'const a = {\n  b: 1,',
      '};',
    ].join('\n\n');
    const shapes = textBlocks(text).map(
      ({ start, end, shape }) => `${shape}: ${text.slice(start, end).split('\n')[0]}`,
    );
    expect(shapes).toEqual([
      'heading: Returns',
      'prose: You can send it back. It costs nothing.',
      'prose: Bring the following:',
      'list: - the receipt',
      'table: Day | Opens',
      'code: npm run build --watch',
    ]);
  });
});

describe('stretches', () => {
  test('a list comes with its lead-in, from whichever side it is met', () => {
    const text =
      'Prose before. \n\nYou need the following papers. They are free.\n\n1. a form\n2. a photograph\n\nProse after.';
    const whole = 'You need the following papers. They are free.\n\n1. a form\n2. a photograph';
    expect(quoted(text, 'You need')).toEqual([whole]);
    expect(quoted(text, 'They are')).toEqual([whole]);
    expect(quoted(text, '2. a photograph')).toEqual([whole]);
  });

  test('of a list that is too long, the lead-in and the items around the sentence, as two pieces', () => {
    const text = ['It has these:', items(40).join('\n')].join('\n\n');
    const [head, chosen, ...rest] = quoted(text, '- Item 20');
    expect(rest).toEqual([]);
    expect(head).toBe('It has these:');
    expect(chosen).toMatch(/^- Item 20 /);
    expect(chosen?.length).toBeLessThanOrEqual(700);
    expect(chosen).toMatch(/\.$/);
    expect(quoted(text, '- Item 1 ')).toHaveLength(1);
  });

  test('a row comes with the head of its table: the whole table where it is short, else head and row', () => {
    const short = 'Plan | Price\nFree | 0\nTeam | 12';
    expect(quoted(short, 'Team')).toEqual([short]);
    const rows = Array.from({ length: 60 }, (_, at) => `Plan ${at} | costs ${at} euros a month`);
    const table = ['Plan | Price', ...rows].join('\n');
    const [head, chosen] = quoted(table, 'Plan 40 ');
    expect(head).toBe('Plan | Price');
    expect(chosen).toMatch(/^Plan 40 /);
  });

  test('code comes with the line that announces it, and that line with its code', () => {
    const text = 'Run the following command:\n\ntidal restore --from nightly\n\nIt takes a while.';
    const both = 'Run the following command:\n\ntidal restore --from nightly';
    expect(quoted(text, 'Run the')).toEqual([both]);
    expect(quoted(text, 'tidal restore')).toEqual([both]);
  });

  test('a heading comes with what stands under it', () => {
    expect(quoted('Lost cards\n\nCall us at once. We block it.', 'Lost cards')).toEqual([
      'Lost cards\n\nCall us at once. We block it.',
    ]);
  });

  test('a short paragraph is quoted whole, a long one around its sentence', () => {
    expect(quoted('One. Two. Three.', 'Two.')).toEqual(['One. Two. Three.']);
    const long = Array.from({ length: 40 }, (_, at) => `Sentence number ${at} says little.`).join(' ');
    const [chosen] = quoted(long, 'Sentence number 15');
    expect(chosen).toMatch(/^Sentence number 15 .*\.$/);
    expect(chosen?.length).toBeLessThanOrEqual(400);
  });

  test('a place goes on while there is room, never over a heading and never to a lead-in alone', () => {
    const text = 'One.\n\nTwo.\n\nTake these:\n\n- a\n- b\n\nNext\n\nThree.';
    const through = (from: string) =>
      grown(text, [{ start: 0, end: 4, lines: false }])
        .map(({ end }) => text.slice(0, end))
        .join() === from;
    expect(through('One.\n\nTwo.\n\nTake these:\n\n- a\n- b')).toBe(true);
    const big = `One.\n\nTake these:\n\n${items(20).join('\n')}`;
    expect(grown(big, [{ start: 0, end: 4, lines: false }])).toEqual([{ start: 0, end: 4, lines: false }]);
  });
});
