/**
 * How the words of an answer are compared with those that were asked for: case, marks, spacing and the targets of links
 * do not count, and small numbers may be written out. Both sides are cut into words, so that "8" is not found in "80";
 * a flag keeps its dashes, so that `--dev` is not found in "a dev server".
 */
export function normalised(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(linkTarget, ']')
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/(?<=\p{L})'(?=\p{L})/gu, '');
  const words = (plain.match(word) ?? []).map((each) => numberWords.get(each) ?? each);
  return ` ${words.join(' ')} `;
}

/** `](address "title")` of a Markdown link, with one level of brackets in the address. */
const linkTarget = /\]\((?:[^()\n]|\([^()\n]*\))*\)/g;
const word = /(?<![\p{L}\p{N}_])--?[a-z][\p{L}\p{N}_-]*|[\p{L}\p{N}]+/gu;

const numberWords: ReadonlyMap<string, string> = new Map(
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
  eighteen nineteen twenty`
    .split(/\s+/)
    .map((name, value) => [name, String(value)]),
);

/** Pieces that must all stand there, in any order: "94ms … Frankfurt". */
const PIECES = '…';

/** Whether a text, `normalised` before, holds every piece of a wanted string. */
export const holds = (text: string, wanted: string): boolean =>
  wanted.split(PIECES).every((piece) => text.includes(normalised(piece)));
