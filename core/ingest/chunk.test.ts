import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateWordPieces } from '../models/tokens.ts';
import { type NewPassage, pagesOf } from '../retrieve/passage.ts';
import { type Block, type BlockKind, type Draft, parsedText, placeBlocks } from './block.ts';
import { findBreakpoints } from './breakpoints.ts';
import { autoChunking, type Chunking, chunk } from './chunk.ts';

const sentence = 'The workshop in Bremen is open from Monday to Friday and closed on public holidays.';
const heading = (text: string, level: number): Draft => ({ text, block: 'heading', level });
const paragraph = (sentences: number): Draft => ({
  text: Array.from({ length: sentences }, (_, at) => `${at + 1}: ${sentence}`).join(' '),
  block: 'paragraph',
});
const place = (...drafts: Draft[]): readonly Block[] => [...placeBlocks(drafts)];

describe('hostile text', () => {
  const sizes = { maxTokens: 4096, overlapTokens: 0, auto: false };

  test('characters that a model hardly counts make no endless passage', () => {
    for (const text of [
      `a${' '.repeat(3e6)}b`,
      'a          '.repeat(3e5),
      '\u0001'.repeat(3e6),
      '\u200b '.repeat(1e6),
    ]) {
      const blocks = place({ text, block: 'paragraph' });
      expect(Math.max(...chunk(blocks, sizes).map((one) => one.text.length))).toBeLessThan(250_000);
    }
  });

  test('two hundred thousand paragraphs of a letter are put together one by one', () => {
    const blocks = [...placeBlocks(Array(200_000).fill({ text: 'a', block: 'paragraph' }))];
    const passages = chunk(blocks, sizes);
    expect(passages.at(-1)?.end).toBe(blocks.at(-1)?.end);
  });

  test('a heading as long as a chapter is text, and no title of what follows', () => {
    const long = sentence.repeat(200);
    const passages = chunk(place(heading(long, 1), paragraph(30)), autoChunking);
    expect(new Set(passages.map((one) => one.title))).toEqual(new Set(['']));
    expect(passages.map((one) => one.text).join(' ')).toContain('Bremen is open');
    expect(passages[0]?.start).toBe(0);
  });
});

test('ING-6: our remark on a page that was not read is in no passage, and none goes across it', () => {
  const remark: Draft = { text: '[Page 2 is a picture.]', block: 'figure', page: 2, unread: true };
  for (const drafts of [
    [paragraph(1), remark, paragraph(1)],
    [heading('Shipping', 1), remark, paragraph(1)],
    [heading('A', 1), paragraph(1), heading('B', 1), remark, paragraph(1)],
    [paragraph(9), remark, paragraph(9)],
  ]) {
    for (const chunking of [autoChunking, { maxTokens: 100, overlapTokens: 50, auto: false }]) {
      const passages = chunk(place(...drafts), chunking);
      expect(passages.map((one) => one.text).join(' ')).not.toContain('picture');
      expect(passages.at(-1)?.text).toMatch(/holidays\.$/);
    }
  }
});

test('ING-6: furniture is in no passage', () => {
  const footer: Draft = { text: 'Policy v3, page 1', block: 'paragraph', page: 1, furniture: true };
  for (const drafts of [
    [paragraph(2), footer],
    [footer, heading('A', 1), paragraph(9), footer, paragraph(9)],
  ]) {
    const chunks = chunk(place(...drafts), autoChunking);
    expect(chunks.length).toBeGreaterThan(0);
    expect(chunks.map((one) => one.text).join(' ')).not.toContain('Policy v3');
  }
});

describe('auto', () => {
  test('a short document is one passage under its first heading, which is not repeated', () => {
    const passages = chunk(place(heading('Shipping', 1), paragraph(4), paragraph(3)), autoChunking);
    expect(passages).toHaveLength(1);
    expect(passages[0]).toMatchObject({ title: 'Shipping' });
    expect(passages[0]?.text.startsWith('1: The workshop')).toBe(true);
  });

  test('a file without headings has no title', () => {
    expect(chunk(place(paragraph(2)), autoChunking)[0]?.title).toBe('');
  });

  test('passages keep to their sections and carry the headings above as their title', () => {
    const blocks = place(
      heading('Guide', 1),
      heading('Tyres', 2),
      paragraph(12),
      heading('Pressure', 3),
      paragraph(12),
      heading('Chain', 2),
      paragraph(12),
    );
    expect(chunk(blocks, autoChunking).map((one) => one.title)).toEqual([
      'Guide › Tyres',
      'Guide › Tyres › Pressure',
      'Guide › Chain',
    ]);
  });

  test('small sections are joined, and then show their headings', () => {
    const sections = Array.from({ length: 20 }, (_, at) => [heading(`Part ${at}`, 2), paragraph(2)]).flat();
    const passages = chunk(place(heading('Guide', 1), ...sections), autoChunking);
    expect(passages.length).toBeLessThan(20);
    for (const one of passages) expect(one.title.startsWith('Guide')).toBe(true);
    const joined = passages.filter((one) => one.title === 'Guide');
    expect(joined.length).toBeGreaterThan(0);
    for (const one of joined) expect(one.text).toMatch(/^(Guide\n\n)?Part \d+\n\n/);
  });

  test('paragraphs stay whole where they fit', () => {
    const blocks = place(...Array.from({ length: 20 }, () => paragraph(6)));
    const starts = new Set(blocks.map((block) => block.start));
    for (const one of chunk(blocks, autoChunking)) expect(starts.has(one.start)).toBe(true);
  });

  test('a page range is the first and the last block’s', () => {
    const blocks = place({ ...paragraph(3), page: 4 }, { ...paragraph(3), page: 5 });
    expect(chunk(blocks, autoChunking)[0]).toMatchObject({
      page: 4,
      pageEnd: 5,
      pageBreaks: [{ at: blocks[1]?.start, page: 5 }],
    });
  });
});

describe('static', () => {
  test('the overlap repeats the end of the passage before', () => {
    const passages = chunk(place(paragraph(60)), { maxTokens: 100, overlapTokens: 50, auto: false });
    expect(passages.length).toBeGreaterThan(10);
    for (const [index, one] of passages.entries()) {
      const before = passages[index - 1];
      if (before === undefined) continue;
      expect(one.start).toBeLessThan(before.end);
      expect(one.end).toBeGreaterThan(before.end);
      const shared = estimateWordPieces(one.text.slice(0, before.end - one.start));
      expect(shared).toBeGreaterThan(0);
      expect(shared).toBeLessThanOrEqual(50);
    }
  });
});

const kinds: readonly BlockKind[] = ['heading', 'paragraph', 'list', 'table', 'code', 'figure'];
const words = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.stringMatching(/^[a-z]{1,12}[.,]?$/) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom('\n', '。', '自行车店开门。', '🚲🚲🚲', 'x'.repeat(900)) },
  ),
  { maxLength: 120 },
);
const drafts = fc.array(
  fc.record({
    text: words.map((list) => list.join(' ')),
    block: fc.constantFrom(...kinds),
    level: fc.integer({ min: 1, max: 6 }),
  }),
  { maxLength: 25 },
);
const chunkings: fc.Arbitrary<Chunking> = fc.oneof(
  fc.constant(autoChunking),
  fc.record({
    strategy: fc.constantFrom('structure', 'fixed', 'page', 'semantic'),
    maxTokens: fc.integer({ min: 100, max: 600 }),
    overlapTokens: fc.constant(0),
    auto: fc.constant(false),
    breakpoints: fc
      .uniqueArray(fc.integer({ min: 0, max: 5_000 }))
      .map((places) => places.toSorted((a, b) => a - b)),
  }) as fc.Arbitrary<Chunking>,
  fc
    .tuple(fc.integer({ min: 100, max: 600 }), fc.double({ min: 0, max: 0.5, noNaN: true }))
    .map(([maxTokens, share]) => ({ maxTokens, overlapTokens: Math.floor(maxTokens * share), auto: false })),
);

describe('any blocks, any chunking', { timeout: 30_000 }, () => {
  const check = (
    property: (blocks: readonly Block[], passages: readonly NewPassage[], chunking: Chunking) => void,
  ) =>
    fc.assert(
      fc.property(drafts, chunkings, (some, chunking) => {
        const blocks = [...placeBlocks(some)];
        property(blocks, chunk(blocks, chunking), chunking);
      }),
      { numRuns: 200 },
    );

  test('ING-5: passages are stretches of the parsed text and cut no character', () =>
    check((blocks, passages) => {
      const text = parsedText(blocks);
      for (const one of passages) {
        expect(text.slice(one.start, one.end)).toBe(one.text);
        expect(one.text.isWellFormed()).toBe(true);
        expect(one.text.trim()).not.toBe('');
      }
    }));

  test('ING-6: nothing is lost: text is in a passage, headings in a passage or a title', () =>
    check((blocks, passages) => {
      const text = parsedText(blocks);
      const covered = new Uint8Array(text.length);
      for (const one of passages) covered.fill(1, one.start, one.end);
      for (const block of blocks) {
        const whole = /\S/.test(
          [...covered.subarray(block.start, block.end)].map((on, at) => (on ? '' : block.text[at])).join(''),
        );
        if (!whole) continue;
        expect(block.block).toBe('heading');
        const title = block.text.replace(/\s+/g, ' ');
        expect(passages.some((one) => one.title.includes(title))).toBe(true);
      }
    }));

  test('ING-7: no passage is larger than its chunking allows', () =>
    check((_blocks, passages, chunking) => {
      for (const one of passages) {
        expect(estimateWordPieces(one.text)).toBeLessThanOrEqual(
          chunking.auto ? 500.001 : chunking.maxTokens + 0.001,
        );
      }
    }));

  test('ING-8: passages go forward, and the same blocks give the same ones', () =>
    check((blocks, passages, chunking) => {
      expect(chunk(structuredClone(blocks), chunking)).toEqual(passages);
      for (const [index, one] of passages.entries()) {
        const before = passages[index - 1];
        if (before !== undefined) {
          expect(one.start).toBeGreaterThan(before.start);
          expect(one.end).toBeGreaterThan(before.end);
        }
      }
    }));
});

test('one endless line is cut in reasonable time', () => {
  const blocks = place(
    { text: 'word '.repeat(200_000), block: 'paragraph' },
    { text: 'x'.repeat(300_000), block: 'paragraph' },
  );
  const passages = chunk(blocks, autoChunking);
  expect(passages.length).toBeGreaterThan(500);
});

describe('ING-30: the pages of a stretch', () => {
  const page = (number: number, length: number) => `<${number}>${'x '.repeat(length)}</${number}>`;

  test('of any passage of any blocks are those on which it stands', () => {
    const draft = fc.record({
      kind: fc.constantFrom<BlockKind>('paragraph', 'list', 'heading'),
      newPage: fc.boolean(),
      lengths: fc.array(fc.nat(200), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 20 }), fc.boolean(), (made, auto) => {
        let number = 1;
        const drafts = made.map(({ kind, newPage, lengths }): Draft => {
          if (newPage) number += 1;
          const first = number;
          let text = '';
          const pageBreaks: { at: number; page: number }[] = [];
          for (const [at, length] of lengths.entries()) {
            if (at > 0) {
              number += 1;
              text += ' ';
              pageBreaks.push({ at: text.length, page: number });
            }
            text += page(number, length);
          }
          return { text, block: kind, page: first, pageBreaks };
        });
        const chunking = { maxTokens: 120, overlapTokens: auto ? 0 : 40, auto };
        for (const one of chunk(place(...drafts), chunking)) {
          for (const { 0: mark, 1: said, index } of one.text.matchAll(/<(\d+)>/g)) {
            const pages = pagesOf(one, { start: index, end: index + mark.length });
            expect(pages).toEqual({ page: Number(said), pageEnd: Number(said) });
          }
        }
      }),
    );
  });

  test('over a break are the first and the last, and tidying does not move it', () => {
    const text = ' A claim\u00ad is open \u0001until May.';
    const [block] = place({
      text,
      block: 'paragraph',
      page: 7,
      pageBreaks: [{ at: text.indexOf('until'), page: 8 }],
    });
    expect(block?.text.slice(block.pageBreaks?.[0]?.at)).toBe('until May.');
    const [only] = block === undefined ? [] : chunk([block], autoChunking);
    expect(only && pagesOf(only, { start: 2, end: 24 })).toEqual({ page: 7, pageEnd: 8 });
    expect(only && pagesOf(only, { start: 2, end: 15 })).toEqual({ page: 7, pageEnd: 7 });
  });

  test('of a passage from before breaks were kept are the first and the last of the passage', () => {
    expect(pagesOf({ page: 1, pageEnd: 3, pageBreaks: null }, { start: 90, end: 99 })).toEqual({
      page: 1,
      pageEnd: 3,
    });
  });
});

describe('strategies', () => {
  const sizes = { maxTokens: 100, overlapTokens: 0, auto: false };
  const grid: Draft = {
    text: [
      'Town | Fee | Fine',
      ...Array.from({ length: 40 }, (_, at) => `Town ${at} | ${at} | ${at * 2}`),
    ].join('\n'),
    block: 'table',
    rows: [['Town', 'Fee', 'Fine']],
    headerRows: 1,
  };

  test('ING-72: what is left of a cut table has the names of its columns in its title', () => {
    const [first, ...rest] = chunk(place(heading('Fees', 1), grid), { ...sizes, strategy: 'structure' });
    expect(first).toMatchObject({ title: 'Fees' });
    expect(first?.text.startsWith('Town | Fee | Fine')).toBe(true);
    expect(rest.length).toBeGreaterThan(1);
    for (const one of rest) expect(one.title).toBe('Fees › Town | Fee | Fine');
    const records: Draft = {
      ...grid,
      text: Array.from({ length: 40 }, (_, at) => `Town: T ${at} | Fee: ${at}`).join('\n'),
    };
    for (const one of chunk(place(heading('Fees', 1), records), sizes)) expect(one.title).toBe('Fees');
  });

  test('ING-72: tables and code that fit are whole also where passages overlap', () => {
    const code: Draft = {
      text: Array.from({ length: 12 }, (_, at) => `line(${at})`).join('\n'),
      block: 'code',
    };
    const chunks = chunk(place(paragraph(3), code, paragraph(3)), { ...sizes, overlapTokens: 50 });
    expect(chunks.some((one) => one.text.includes(code.text))).toBe(true);
  });

  test('ING-73: fixed fills passages across sections', () => {
    const sections = Array.from({ length: 12 }, (_, at) => [heading(`Part ${at}`, 2), paragraph(2)]).flat();
    const fixed = chunk(place(...sections), { ...sizes, maxTokens: 200, strategy: 'fixed' });
    const structured = chunk(place(...sections), { ...sizes, maxTokens: 200, strategy: 'structure' });
    expect(fixed.length).toBeLessThan(structured.length);
    for (const one of fixed.slice(0, -1)) expect(estimateWordPieces(one.text)).toBeGreaterThan(140);
  });

  test('ING-73: page has a passage a page, also where a paragraph goes over it, and cuts long ones', () => {
    const over: Draft = {
      text: `${sentence} ${sentence}`,
      block: 'paragraph',
      page: 2,
      pageBreaks: [{ at: sentence.length + 1, page: 3 }],
    };
    const blocks = place({ ...paragraph(2), page: 1 }, { ...paragraph(1), page: 2 }, over, {
      ...paragraph(40),
      page: 4,
    });
    const chunks = chunk(blocks, { ...sizes, maxTokens: 400, strategy: 'page' });
    expect(chunks.map(({ page, pageEnd }) => [page, pageEnd]).slice(0, 3)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(chunks.slice(3).length).toBeGreaterThan(1);
    for (const { page, pageEnd } of chunks) expect(page).toBe(pageEnd);
  });

  test('ING-73: semantic ends passages where neighbours differ most', async () => {
    const about = (topic: string): Draft => ({
      text: `The ${topic} needs care each year, by one who knows it well. `.repeat(6).trim(),
      block: 'paragraph',
    });
    const blocks = place(about('pump'), about('pump'), about('ledger'), about('ledger'), about('ledger'));
    const chunking = { ...sizes, maxTokens: 1_000, strategy: 'semantic', percentile: 90 } as const;
    const breakpoints = await findBreakpoints(blocks, chunking, async (texts) =>
      texts.map((text) => [text.split('pump').length, text.split('ledger').length]),
    );
    const chunks = chunk(blocks, { ...chunking, breakpoints });
    expect(chunks.map((one) => [one.text.includes('pump'), one.text.includes('ledger')])).toContainEqual([
      false,
      true,
    ]);
    expect(chunks[0]?.text).not.toContain('ledger');
  });
});
