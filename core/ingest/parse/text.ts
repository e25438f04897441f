import type { Draft } from '../block.ts';

/** Paragraphs are what blank lines part. */
export function* parseText(text: string): Iterable<Draft> {
  let from = 0;
  // Not split(): a text of blank lines would make a list of millions before the first is counted.
  for (const { index, 0: gap } of text.matchAll(/\n[^\S\n]*\n\s*/g)) {
    yield { text: text.slice(from, index), block: 'paragraph' };
    from = index + gap.length;
  }
  yield { text: text.slice(from), block: 'paragraph' };
}
