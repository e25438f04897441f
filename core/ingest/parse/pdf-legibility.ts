/**
 * Whether the text layer of a page is text. Fonts without a map to Unicode, wrong ones, and OCR of another script leave
 * layers that look right on the page and hold nothing that can be found or quoted.
 */

/** Below this number of characters, chance decides. */
const ENOUGH = 60;
/** Control characters, private use, unassigned and U+FFFD: none belongs into a text. Bullets and logos of symbol fonts make some. */
const UNREADABLE = /[\p{Co}\p{Cn}\ufffd]|(?![\t\n\r])\p{Cc}/gu;
const MOST_UNREADABLE = 0.1;
/** Letters, figures, marks and spaces: formulas and tables stay above .6, a shifted alphabet below. */
const PLAIN = /[\p{L}\p{N}\p{M}\s]/gu;
const LEAST_PLAIN = 0.5;
/** Dotted lines and rules made of characters say nothing about the rest. */
const LEADERS = /([.·_…\-–—=*])\s?(?:\1\s?){2,}/gu;
const LATIN = /[a-z]/g;
const ENOUGH_LATIN = 120;
/**
 * The letters that languages in Latin script use most. Of 24,997 texts (docs-dev, xquad in English and German, cosqa,
 * msmarco and others of the collections) the least share is .51, and of vowels .25; of the letters of shifted and of
 * permuted alphabets, these bounds find nine in ten. Texts of abbreviations have few vowels, but the usual letters.
 */
const COMMON = /[eaionrstl]/g;
const VOWELS = /[aeiouy]/g;
const LEAST_COMMON = 0.46;
const FEW_COMMON = 0.5;
const FEW_VOWELS = 0.2;

export function isLegible(text: string): boolean {
  const cleaned = text.replace(LEADERS, ' ');
  const length = cleaned.replace(/\s+/g, '').length;
  const unreadable = cleaned.match(UNREADABLE)?.length ?? 0;
  if (unreadable > Math.max(3, length * MOST_UNREADABLE)) return false;
  if (length < ENOUGH) return true;
  if ((cleaned.replace(/\s+/g, '').match(PLAIN)?.length ?? 0) < length * LEAST_PLAIN) return false;
  const letters = (cleaned.normalize('NFD').toLowerCase().match(LATIN) ?? []).join('');
  if (letters.length < ENOUGH_LATIN || letters.length < length * 0.5) return true;
  const common = (letters.match(COMMON)?.length ?? 0) / letters.length;
  const vowels = (letters.match(VOWELS)?.length ?? 0) / letters.length;
  return common >= (vowels < FEW_VOWELS ? FEW_COMMON : LEAST_COMMON);
}
