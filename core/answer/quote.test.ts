import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId, type VectorStoreId } from '../identifier.ts';
import { calibrationFor } from '../models/calibration.ts';
import type { Hit } from '../retrieve/query.ts';
import { phrasesFor } from './phrases.ts';
import { chooseQuotes, type Quotable, writeQuotes } from './quote.ts';
import { relevance, relevanceSignals } from './relevance.ts';
import type { AnswerEvent } from './request.ts';
import { sentences } from './sentences.ts';

const hit = (fileId: string, text: string, reranked = 0.99): Hit => ({
  passage: {
    id: `${fileId}:0`,
    vectorStoreId: asId<VectorStoreId>('vs_1'),
    fileId: asId(fileId),
    filename: `${fileId}.md`,
    ordinal: 0,
    title: '',
    text,
    start: 50,
    end: 50 + text.length,
    page: 3,
    pageEnd: 3,
    pageBreaks: [],
    attributes: {},
  },
  score: 1,
  signals: { dense: 0.8, sparse: 1, fused: 1, reranked },
});

const quotables = (of: Hit, scores: readonly number[]): readonly Quotable[] =>
  sentences(of.passage.text).map((sentence, place) => ({
    hit: of,
    sentence,
    place,
    score: scores[place] ?? 0,
  }));

const best = (...lists: readonly (readonly Quotable[])[]) =>
  lists.flat().toSorted((a, b) => b.score - a.score);

const first = hit('a', 'One is red. Two is green.\nThree is blue. Four is grey.');
const second = hit('b', 'Five is white. Six is black.');

const QUESTION = 'Which colours are there?';
const long = (name: string) => `${name} ${'is said at some length and to no purpose '.repeat(9).trim()}.`;

describe('chooseQuotes', () => {
  test('quotes the whole short paragraph of the best sentence, verbatim, at its offsets', () => {
    const [quote, ...rest] = chooseQuotes(QUESTION, best(quotables(first, [0.1, 0.9, 0.8, 0.7])));
    expect(rest).toEqual([]);
    expect(quote).toMatchObject({
      sentence: { text: first.passage.text, start: 0, end: first.passage.text.length },
    });
  });

  test('takes two places at most, the file of the best sentence first', () => {
    const third = hit('c', 'Seven is brown.');
    const chosen = chooseQuotes(
      QUESTION,
      best(quotables(first, [0.8, 0, 0, 0.7]), quotables(second, [0.9, 0.2]), quotables(third, [0.1])),
    );
    expect(chosen.map(({ hit: of }) => of.passage.fileId)).toEqual(['b', 'a']);
  });

  test('the second place is the one that has the words which the first leaves open', () => {
    const text = `${long('Frames')}\n\n${long('Prices')}\n\n${long('Brakes')}`;
    const list = quotables(hit('a', text), [0.9, 0.5, 0.4]);
    const chosen = chooseQuotes('How long are frames and brakes covered?', best(list));
    expect(chosen.map(({ sentence }) => sentence.text.split(' ')[0])).toEqual(['Frames', 'Brakes']);
  });

  test('no two quotes overlap, and each is what its passage has at the offsets', () => {
    const piece = fc.constantFrom(
      '- an item',
      '1. a step',
      'a | b',
      'Some prose. More of it.',
      'Note:',
      'x = {',
      '\n',
      'Head',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 60 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (pieces, scores) => {
          const any = hit('a', pieces.join('\n'));
          const chosen = chooseQuotes('item prose head', best(quotables(any, scores)));
          let end = 0;
          for (const { sentence } of chosen) {
            expect(sentence.start).toBeGreaterThanOrEqual(end);
            expect(any.passage.text.slice(sentence.start, sentence.end)).toBe(sentence.text);
            end = sentence.end;
          }
        },
      ),
    );
  });
});

const parted = hit('a', `${long('One')}\n\n${long('Two')}`);

describe('quoted', () => {
  const read = (events: Iterable<AnswerEvent>) => {
    let text = '';
    const deltas: string[] = [];
    for (const event of events) {
      if (event.type === 'text') deltas.push(event.delta);
      if (event.type === 'text') text += event.delta;
      // A citation comes after the text that holds its marker.
      if (event.type === 'citation') expect(text.slice(event.citation.index)).toMatch(/^\[\d+\]$/);
    }
    return { text, deltas };
  };

  test('names file and page once, and streams in several pieces', () => {
    const chosen = chooseQuotes(QUESTION, best(quotables(parted, [0.9, 0.8])));
    const { text, deltas } = read(writeQuotes(chosen, phrasesFor('What is red?')));
    expect(text).toBe(`According to a.md, page 3: “${long('One')}” [1] “${long('Two')}” [2]`);
    expect(deltas.length).toBeGreaterThan(1);
  });

  test('ING-30: names the page of each quote; what goes over a page’s end is two quotes', () => {
    const { passage, ...rest } = parted;
    const at = passage.text.indexOf('purpose');
    const paged: Hit = { ...rest, passage: { ...passage, pageEnd: 5, pageBreaks: [{ at, page: 5 }] } };
    const chosen = chooseQuotes(QUESTION, best(quotables(paged, [0.9, 0.8])));
    const { text } = read(writeQuotes(chosen, phrasesFor('What is red?')));
    const [before, after] = [passage.text.slice(0, at).trim(), passage.text.slice(at, long('One').length)];
    expect(text).toBe(
      `According to a.md, page 3: “${before}” [1]\n\nAccording to a.md, page 5: “${after}” [2] “${long('Two')}” [3]`,
    );
    const citations = [...writeQuotes(chosen, phrasesFor('What is red?'))].flatMap((event) =>
      event.type === 'citation' ? [event.citation] : [],
    );
    expect(citations).toMatchObject([
      { page: 3, pageEnd: 3 },
      { page: 5, pageEnd: 5 },
      { page: 5, pageEnd: 5 },
    ]);
  });

  test('keeps the lines of a list, a table and code, also where Markdown is read', () => {
    const text = 'Colours:\n\n- red\n- green\n\nName | Code\nred | #f00\ngreen | #0f0';
    const { text: shown } = read(
      writeQuotes(chooseQuotes(QUESTION, quotables(hit('a', text), [0.9])), phrasesFor('Which colours?')),
    );
    expect(shown).toBe(
      'According to a.md, page 3: “Colours:\n\n- red\n- green\n\nName | Code  \nred | #f00  \ngreen | #0f0” [1]',
    );
  });

  test('cites exactly what the passage has at the offsets, whatever the passage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
        const any = hit('a', text);
        for (const event of writeQuotes(
          chooseQuotes(QUESTION, quotables(any, [])),
          phrasesFor('Was ist das?'),
        )) {
          if (event.type !== 'citation') continue;
          const { quote, start, end } = event.citation;
          expect(text.slice(start - 50, end - 50)).toBe(quote);
        }
      }),
    );
  });
});

describe('relevance', () => {
  const { calibration: measured } = calibrationFor(
    undefined,
    '@cf/baai/bge-small-en-v1.5',
    '@cf/baai/bge-reranker-base',
  );
  const question = 'How long are frames guaranteed?';
  const likely = (hits: readonly Hit[], list: readonly Quotable[], reranked = true) =>
    relevance(relevanceSignals(question, hits, { quotables: list, reranked }), measured.relevance);
  const good = hit('a', 'Frames are guaranteed for ten years. The shop is closed on Sundays.');
  const poor = hit('b', 'The shop is closed on Sundays. Bells are red.', 0.01);

  test('tells evidence from none', () => {
    expect(likely([good], quotables(good, [0.99, 0.001]))).toBeGreaterThan(0.9);
    expect(likely([poor], quotables(poor, [0.01, 0.009]))).toBeLessThan(measured.thresholds.generate);
  });

  test('copies of a document do not cancel each other out', () => {
    const copy = hit('c', good.passage.text);
    const list = best(quotables(good, [0.9, 0.001]), quotables(copy, [0.9, 0.001]));
    expect(likely([good, copy], list)).toBe(likely([good], quotables(good, [0.9, 0.001])));
  });

  test('goes by words and cosine when the cross-encoder cannot be asked', () => {
    const unranked = (of: Hit): Hit => ({ ...of, signals: { ...of.signals, reranked: null } });
    expect(likely([unranked(good)], [], false)).toBeGreaterThan(measured.thresholds.quote);
    expect(likely([unranked(poor)], [], false)).toBeLessThan(measured.thresholds.quote);
  });
});
