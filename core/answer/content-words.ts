const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * Words that carry grammar and no content, in English (after the van Rijsbergen list, shortened), German,
 * French and Spanish. Other languages are judged on all their words.
 */
const functionWords = new Set(
  `a about above after again all also am an and any are as at be because been before being between both but by
  can could did do does doing down during each few for from further had has have having he her here hers him his
  how i if in into is it its itself just many me more most much my no nor not now of off on once only or other our
  out over own same she should so some such than that the their them then there these they this those through to
  too under until up very was we were what when where which while who whom whose why will with would you your
  der die das den dem des ein eine einen einem einer eines und oder aber nicht ist sind war waren wird werden wurde
  wurden hat haben hatte von zu zum zur mit im am auf für aus bei nach wie was wer wo wann warum welche welcher
  welches sich als auch es er sie wir ihr ihre sein seine an in
  le la les un une des du de et ou est sont était dans sur pour par avec ce cette ces que qui quoi où quand comment
  pourquoi quel quelle quels quelles ne pas il elle ils elles au aux en se son sa ses
  el los las una unos unas y o es son fue eran con por para del al como cuando donde quien cual cuales que qué cuál
  cómo cuándo dónde quién lo su sus`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const hasLetterOrDigit = /[\p{L}\p{N}]/u;
const diacritics = /\p{M}/gu;

/** Lower case without diacritics, so that "Café" and "cafe" are one word. */
const folded = (word: string): string => word.normalize('NFKD').replace(diacritics, '').toLowerCase();

/** All words in order, folded; scripts without spaces are cut by Unicode's dictionary rules. */
export const words = (text: string): readonly string[] =>
  [...segmenter.segment(text)]
    .filter(({ segment, isWordLike }) => isWordLike === true && hasLetterOrDigit.test(segment))
    .map(({ segment }) => folded(segment));

export const contentWords = (text: string): readonly string[] => [
  ...new Set(words(text).filter((word) => !functionWords.has(word))),
];

/** Characters that two words must share from the start to count as forms of one word. */
const STEM = 5;

const digit = /\p{N}/u;

/** Inflection without a stemmer: equal, or a shared beginning of at least five characters and most of the word. */
export function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (digit.test(a) || digit.test(b)) return false;
  const shorter = Math.min(a.length, b.length);
  const stem = Math.max(STEM - 1, Math.ceil(shorter * 0.75));
  return shorter >= STEM - 1 && a.slice(0, stem) === b.slice(0, stem) && Math.abs(a.length - b.length) <= 4;
}

/** Share of `wanted` that has a form in `text`, 0…1; 1 when nothing is wanted. */
export function coverage(wanted: readonly string[], text: readonly string[]): number {
  if (wanted.length === 0) return 1;
  const exact = new Set(text);
  const found = wanted.filter((word) => exact.has(word) || text.some((other) => sameWord(word, other)));
  return found.length / wanted.length;
}

const digits = /\p{N}+(?:[.,'’\u00a0]\p{N}+)*/gu;

/** Numbers as written, without grouping: `1,234` and `1234` are one number. */
export const numbers = (text: string): readonly string[] =>
  [...text.matchAll(digits)].map(([number]) => number.replace(/[,'’\u00a0](?=\p{N}{3}(?!\p{N}))/gu, ''));

const name = /(?<![.!?:»"“\-–—]\s*|^\s*)(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}'’-]*/gu;

/** Capitalised words that do not begin a sentence: names in most languages, and all nouns in German. */
export const names = (text: string): readonly string[] =>
  [...text.matchAll(name)].map(([word]) => folded(word));

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const wordConstants = { STEM, functionWords: [...functionWords], name: name.source };
