import { describe, expect, test } from 'vitest';
import { asId, type PromptId } from '../identifier.ts';
import { defaultPrompt } from '../prompts/default.ts';
import { contentWords, coverage, names, numbers, sameWord, words } from './content-words.ts';
import { withVariables } from './variables.ts';

describe('words', () => {
  test('are folded, so that case and accents do not count', () => {
    expect(words('Café CAFÉ cafe')).toEqual(['cafe', 'cafe', 'cafe']);
  });

  test('without those that carry no content, in four languages', () => {
    expect(contentWords('How long are the frames guaranteed?')).toEqual(['long', 'frames', 'guaranteed']);
    expect(contentWords('Wie lange ist die Garantie?')).toEqual(['lange', 'garantie']);
  });

  test('are cut in Chinese, where no space says how', () => {
    expect(contentWords('东京是日本的首都').length).toBeGreaterThan(2);
  });

  test.each([
    ['guaranteed', 'guarantee', true],
    ['frames', 'frame', true],
    ['frame', 'front', false],
    ['cat', 'car', false],
    ['19991', '19992', false],
  ])('%s and %s are forms of one word: %s', (a, b, same) => {
    expect(sameWord(a, b)).toBe(same);
  });

  test('coverage is the share that is there, and whole when nothing is wanted', () => {
    expect(coverage(['frames', 'wheels'], ['frame'])).toBe(0.5);
    expect(coverage([], [])).toBe(1);
  });

  test('numbers are compared without their grouping, and versions stay whole', () => {
    expect(numbers('1,234 cycles, 1234, 3.14 and 2.5.1')).toEqual(['1234', '1234', '3.14', '2.5.1']);
  });

  test('names are capitalised words inside a sentence', () => {
    expect(names('Forks are made by Shimano in Japan. They last.')).toEqual(['shimano', 'japan']);
  });
});

describe('variables of a prompt', () => {
  const version = {
    ...defaultPrompt,
    instructions: 'Answer as {{who}}, to {{ who }}.',
    promptId: asId<PromptId>('p'),
    version: 1,
    hash: '',
    labels: [],
    createdAt: 0,
  };

  test('are filled in', () => {
    expect(withVariables(version, { who: 'a clerk' }).instructions).toBe('Answer as a clerk, to a clerk.');
  });

  test('that are missing or unknown are refused by name', () => {
    expect(() => withVariables(version, {})).toThrow("'who' is missing");
    expect(() => withVariables(version, { who: 'x', colour: 'red' })).toThrow("no variable 'colour'");
  });
});
