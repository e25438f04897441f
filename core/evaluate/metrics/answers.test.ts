import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answered, answerMetrics } from './answers.ts';
import { holds } from './gold-answer.ts';

describe('holds', () => {
  test.each([
    ['The frame is covered for ten years.', 'Ten years', true],
    ['It is free above 2,000 euros.', '2000 euros', true],
    ['Lasts 2.5 hours.', '2.5 hours', true],
    ['Lasts 25 hours.', '2.5 hours', false],
    ['It takes 300 days.', '30 days', false],
    ['The battery, of course!', 'battery of course', true],
    ['An e-bike', 'the e-bike', true],
    ['Größe: 54 cm', 'größe 54', true],
    ['保修期为十年。', '十年', true],
    ['anything', '', false],
    ['anything', '...', false],
  ])('"%s" and "%s": %s', (text, gold, expected) => expect(holds(text, gold)).toBe(expected));

  test('a text holds itself and each of its words', () => {
    const word = fc.stringMatching(/^[b-z]{2,8}$/).filter((each) => !['an', 'the'].includes(each));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const text = words.join(' ');
        expect(holds(text, text)).toBe(true);
        for (const each of words) expect(holds(`${text}.`, each)).toBe(true);
      }),
    );
  });
});

describe('answer metrics', () => {
  const asked = { id: 'a', question: 'How long?', answers: ['ten years'] };
  const unanswerable = { ...asked, answers: [] };
  const answer: Answered = { text: 'Ten years. [1]', citations: [true], milliseconds: 12, dollars: 0.001 };
  const nothing: Answered = { ...answer, text: 'I could not find it.', citations: [] };
  const { gold_answer, citation_valid, abstained_rightly, latency_ms, cost_usd } = answerMetrics;

  test('an answerable case', () => {
    expect(gold_answer(asked, answer)).toEqual({ kind: 'value', value: 1 });
    expect(gold_answer(asked, nothing)).toEqual({ kind: 'value', value: 0 });
    expect(abstained_rightly(asked, answer)).toEqual({ kind: 'value', value: 1 });
    expect(abstained_rightly(asked, nothing)).toEqual({ kind: 'value', value: 0 });
  });

  test('an unanswerable case has no gold answer to hold', () => {
    expect(gold_answer(unanswerable, answer).kind).toBe('not-measurable');
    expect(gold_answer({ ...asked, answers: ['?!', 'the'] }, answer).kind, 'no word left').toBe(
      'not-measurable',
    );
    expect(abstained_rightly(unanswerable, answer)).toEqual({ kind: 'value', value: 0 });
    expect(abstained_rightly(unanswerable, nothing)).toEqual({ kind: 'value', value: 1 });
  });

  test('one false citation makes the citations false; no citation leaves nothing to check', () => {
    expect(citation_valid(asked, answer)).toEqual({ kind: 'value', value: 1 });
    expect(citation_valid(asked, { ...answer, citations: [true, false] })).toEqual({
      kind: 'value',
      value: 0,
    });
    expect(citation_valid(asked, nothing).kind).toBe('not-measurable');
  });

  test('latency in milliseconds and cost in dollars', () => {
    expect(latency_ms(asked, answer)).toEqual({ kind: 'value', value: 12 });
    expect(cost_usd(asked, answer)).toEqual({ kind: 'value', value: 0.001 });
  });
});
