import { type Language, languages, type Script, scripts } from './languages.ts';

/**
 * Which legacy encoding bytes are in, told by what they would say in each: the text whose characters and places in words
 * are likeliest in some language wins, if it wins clearly. Same idea as Mozilla's universal charset detector (Li and Momoi
 * 2001), with letter ranks instead of trained tables.
 */
export type Detection =
  | { readonly kind: 'found'; readonly encoding: string; readonly text: string }
  /** Encodings in which the bytes would be texts of about the same likelihood; none where they are nonsense in all. */
  | { readonly kind: 'ambiguous'; readonly encodings: readonly string[] };

/** Bytes that are looked at: some thousands of letters decide. */
const SAMPLE = 65_536;
/** Natural logarithms. A reading must be so much likelier than the next one that says something else. */
const MARGIN = 3;
/** Of the mean character: below this it is no language that is known here. */
const LEAST_LIKELY = -5.2;
/** Of a character that no list has, of punctuation, and of one where no letter of its kind stands. */
const UNKNOWN = -9;
const SIGN = -4.5;
const MISPLACED = -4;
/** Of a common and of a rare character in a script of thousands. */
const COMMON = -4.2;
const RARE = -8.2;

/** For each of a language's commonest words that the text has, up to three. */
const SPOKEN = 2.5;
/** Most texts that are not UTF-8 are in it (W3Techs counts ten times as many as in its neighbours). */
const USUAL = 2;
/** Encodings that few files are in: a text that they make must be so much likelier. */
const SELDOM = -2.5;
const seldom = /^(?:iso-8859-|x-mac|macintosh|koi8-u)/;

/** Marks that all languages use: quotes, dashes, currencies, degrees, fractions. */
const signs = new Set(
  '“”‘’„‚‹›«»–—…•·°§€£¥©®™±²³½¼¾¿¡ªº№‰†‡µ×÷´\u00a0、。，：；？！（）「」『』【】《》・～〜％￥＋－／　',
);

export function detectEncoding(bytes: Uint8Array): Detection {
  const sample = sampleOf(bytes);
  const readings: { encoding: string; text: string; score: number; mean: number }[] = [];
  for (const [encoding, spoken] of candidates()) {
    const text = decoded(encoding, sample);
    if (text === undefined) continue;
    const best = spoken.map((one) => scoreOf(text, one)).toSorted((a, b) => b.total - a.total)[0];
    if (best !== undefined) {
      readings.push({
        encoding,
        text,
        score: best.total + (seldom.test(encoding) ? SELDOM : encoding === 'windows-1252' ? USUAL : 0),
        mean: best.mean,
      });
    }
  }
  // The first of equal ones is the one more in use: candidates come in that order, and sorting is stable.
  readings.sort((a, b) => b.score - a.score);
  const [first, ...rest] = readings;
  if (first === undefined || first.mean < LEAST_LIKELY) return { kind: 'ambiguous', encodings: [] };
  const rivals = rest.filter(({ score, text }) => score > first.score - MARGIN && text !== first.text);
  if (rivals.length > 0) {
    return { kind: 'ambiguous', encodings: [first.encoding, ...rivals.map(({ encoding }) => encoding)] };
  }
  const text = decoded(first.encoding, bytes);
  return text === undefined
    ? { kind: 'ambiguous', encodings: [] }
    : { kind: 'found', encoding: first.encoding, text };
}

/** Ends at a line, so that no character of several bytes is cut. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE) return bytes;
  const end = bytes.lastIndexOf(0x0a, SAMPLE);
  return bytes.subarray(0, end > SAMPLE / 2 ? end : bytes.indexOf(0x0a, SAMPLE) + 1 || bytes.length);
}

function candidates(): ReadonlyMap<string, readonly (Language | Script)[]> {
  const found = new Map<string, (Language | Script)[]>();
  for (const spoken of [...languages, ...scripts]) {
    for (const encoding of spoken.encodings) found.set(encoding, [...(found.get(encoding) ?? []), spoken]);
  }
  return found;
}

/** Undefined where the bytes are not valid in it, or this runtime has no such decoder. */
export function decoded(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return;
  }
}

interface Score {
  /** Logarithm of the likelihood of the characters that are not ASCII. */
  readonly total: number;
  readonly mean: number;
}

function scoreOf(text: string, spoken: Language | Script): Score {
  const likelihood = likelihoodOf(spoken);
  const isLatin = 'isLatin' in spoken && spoken.isLatin;
  let total = 0;
  let count = 0;
  let before = ' ';
  for (const character of text) {
    if (character < '\u0080') {
      // A letter of another script right before or after an ASCII letter.
      if (!isLatin && 'isLatin' in spoken && isAsciiLetter(character) && isLetter(before)) total += MISPLACED;
    } else {
      count += 1;
      const own = likelihood(character);
      total += own;
      if (isLetter(character)) total += placeOf(before, character, isLatin, 'isLatin' in spoken);
    }
    before = character;
  }
  const mean = count === 0 ? 0 : total / count;
  return { total: total + SPOKEN * Math.min(3, wordsIn(text, spoken)), mean };
}

function wordsIn(text: string, spoken: Language | Script): number {
  if (!('words' in spoken) || spoken.words === undefined) return 0;
  const found = new Set<string>();
  for (const [word] of text.slice(0, 8_192).matchAll(/\p{L}+/gu)) {
    const small = word.toLowerCase();
    if (spoken.words.has(small)) found.add(small);
    if (found.size === 3) break;
  }
  return found.size;
}

const isAsciiLetter = (character: string): boolean => /^[A-Za-z]$/.test(character);
const isLetter = (character: string): boolean => character >= '\u0080' && /^\p{L}$/u.test(character);

function placeOf(before: string, character: string, isLatin: boolean, isAlphabet: boolean): number {
  if (!isAlphabet) return 0;
  // A capital inside of a word.
  if (/^\p{Ll}$/u.test(before) && /^\p{Lu}$/u.test(character)) return MISPLACED;
  if (isLatin) return isLetter(before) ? MISPLACED / 2 : 0;
  return isAsciiLetter(before) ? MISPLACED : 0;
}

const tables = new Map<string, (character: string) => number>();

/** Zipf's law over the ranks; a capital is a tenth as likely as its small letter. */
function likelihoodOf(spoken: Language | Script): (character: string) => number {
  const kept = tables.get(spoken.name);
  if (kept !== undefined) return kept;
  const likelihood = 'letters' in spoken ? ofLetters(spoken.letters) : ofScript(spoken.common);
  tables.set(spoken.name, likelihood);
  return likelihood;
}

function ofLetters(letters: string): (character: string) => number {
  const ranks = new Map<string, number>();
  const all = [...letters];
  const sum = all.reduce((total, _, at) => total + 1 / (at + 2), 0);
  for (const [at, letter] of all.entries()) {
    const share = Math.log(1 / (at + 2) / sum);
    ranks.set(letter, share);
    const capital = letter.toUpperCase();
    if (capital !== letter && capital.length === 1 && !ranks.has(capital)) ranks.set(capital, share - 2.3);
  }
  return (character) => ranks.get(character) ?? (signs.has(character) ? SIGN : UNKNOWN);
}

function ofScript(common: string): (character: string) => number {
  const known = new Set(common);
  return (character) => {
    if (known.has(character)) return COMMON;
    if (signs.has(character)) return SIGN;
    return /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]$/u.test(character) &&
      !/^[\uff61-\uff9f]$/.test(character)
      ? RARE
      : UNKNOWN;
  };
}
