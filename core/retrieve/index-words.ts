/**
 * Text as words, the same for what is indexed and for what is asked. A full-text tokenizer splits at what is
 * neither letter nor digit, which finds nothing in scripts that put no space between words: Chinese searched
 * through SQLite's tokenizer scores .118 nDCG@10 on XQuAD, segmented first .96 (docs/decisions/040-full-text.md).
 */

/** Han, kana, Thai, Lao, Khmer, Burmese: the scripts that ICU segments by dictionary. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu;

/** ICU picks the dictionary by script; the locale only has to be one that every runtime carries. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * The text with spaces around every word. Compatibility forms are folded (NFKC): the ﬁ-ligature of a PDF and the
 * full-width letters of a Japanese page are found by what people type.
 */
export const spaced = (text: string): string =>
  text.normalize('NFKC').replace(unspaced, (run) => {
    const words = Array.from(segmenter.segment(run), ({ segment }) => segment);
    return ` ${words.join(' ')} `;
  });

/** Categories of SQLite's tokenizer here (`L* N* Co M*`): a word of ours is exactly one token of its. */
const word = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;

/** The distinct words of a question in order, lower case, at most `limit` of them. */
export function distinctWords(text: string, limit: number): readonly string[] {
  const words = new Set<string>();
  for (const [found] of spaced(text).matchAll(word)) {
    words.add(found.toLowerCase());
    if (words.size === limit) break;
  }
  return [...words];
}

/**
 * A file's name as words, which often say what the text does not: "TravelPolicy_2031-final.docx" is "Travel Policy 2031
 * final". Without its ending, and without what only a machine reads.
 */
export const wordsOfName = (filename: string): string =>
  filename
    .replace(/\.[\p{L}\p{N}]{1,8}$/u, '')
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((one) => one !== '' && !/^(?:[\da-f]{12,}|\d{7,})$/i.test(one))
    .join(' ');
