import type { Drawing, OperatorNumbers } from './pdf-rules.ts';
import type { TextItem } from './pdf-text.ts';

/**
 * Arabic ligatures in the right order. A glyph can stand for several letters (lam and alef), which a font's map to Unicode
 * gives in the order of reading. pdf.js puts a line that was written from the left into that order letter by letter, so
 * that those of a ligature are turned once too often: "المشكلات" becomes "المشكالت". The drawing knows the glyphs.
 */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export const hasRightToLeft = (items: readonly TextItem[]): boolean =>
  items.some(({ str }) => RIGHT_TO_LEFT.test(str));

export function withLigatures(
  items: readonly TextItem[],
  drawing: Drawing,
  operators: OperatorNumbers,
): readonly TextItem[] {
  const glyphs = glyphsOf(drawing, operators);
  if (!glyphs.some((glyph) => glyph.length > 1)) return items;
  let at = 0;
  return items.map((item) => {
    const letters = lettersOf(item.str);
    if (letters.length === 0) return item;
    const taken = take(glyphs, at, letters);
    if (taken === null) return item;
    at = taken.end;
    const str = reordered(item.str, letters, taken.glyphs);
    return str === item.str ? item : { ...item, str };
  });
}

/** The letters of right-to-left scripts that each glyph stands for, in the order of drawing; others have none and are left out. */
function glyphsOf(
  { fnArray, argsArray }: Drawing,
  { showText }: OperatorNumbers,
): readonly (readonly string[])[] {
  const glyphs: (readonly string[])[] = [];
  for (const [at, operator] of fnArray.entries()) {
    const args = argsArray[at];
    if (operator !== showText || !Array.isArray(args) || !Array.isArray(args[0])) continue;
    for (const glyph of args[0] as readonly unknown[]) {
      const unicode = (glyph as { readonly unicode?: unknown } | null)?.unicode;
      const letters = typeof unicode === 'string' ? lettersOf(unicode) : [];
      if (letters.length > 0) glyphs.push(letters);
    }
  }
  return glyphs;
}

const lettersOf = (text: string): readonly string[] => [...text].filter((one) => RIGHT_TO_LEFT.test(one));

/** How many glyphs may be passed over that no text came from: those that are drawn off the page. */
const MAX_SKIPPED = 500;

/** The glyphs from `from` on that the letters came from: the same ones, in whichever order. */
function take(glyphs: readonly (readonly string[])[], from: number, letters: readonly string[]) {
  const wanted = [...letters].toSorted().join('');
  for (let start = from; start < Math.min(glyphs.length, from + MAX_SKIPPED); start += 1) {
    let end = start;
    let count = 0;
    while (end < glyphs.length && count < letters.length) {
      count += glyphs[end]?.length ?? 0;
      end += 1;
    }
    const some = glyphs.slice(start, end);
    if (count === letters.length && some.flat().toSorted().join('') === wanted) return { glyphs: some, end };
  }
  return null;
}

/** Of letters alone, the order of reading is the order of drawing from its end. */
function reordered(text: string, letters: readonly string[], glyphs: readonly (readonly string[])[]): string {
  const right = glyphs.toReversed().flat();
  const turned = glyphs.flat().toReversed();
  if (turned.join('') !== letters.join('')) return text;
  let at = 0;
  return [...text].map((one) => (RIGHT_TO_LEFT.test(one) ? (right[at++] ?? one) : one)).join('');
}
