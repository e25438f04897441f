import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';

/** Bytes as text: UTF-8, or UTF-16 where a byte order mark says so. Nothing is guessed and nothing replaced. */
export function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw refuse('not_utf8', `The text is not valid ${encoding.toUpperCase()}; save it as UTF-8.`, cause);
  }
}

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
