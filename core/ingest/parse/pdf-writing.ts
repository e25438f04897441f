/** What letters need that a page shows and a text says: directions, forms, marks. */

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;
const LETTER = /\p{L}/gu;

/** Whether most letters are written from right to left. */
export function isRightToLeft(text: string): boolean {
  const right = text.match(RIGHT_TO_LEFT)?.length ?? 0;
  return right > 0 && right * 2 > (text.match(LETTER)?.length ?? 0);
}

/** Whether a word of one direction meets one of the other: pdf.js leaves out the space between such stretches. */
export function changesDirection(before: string, after: string): boolean {
  const [last, first] = [before.at(-1) ?? '', after.at(0) ?? ''];
  if (!/[\p{L}\p{N}]/u.test(last) || !/[\p{L}\p{N}]/u.test(first)) return false;
  return isRightToLeft(last) !== isRightToLeft(first);
}

/** Ligatures (Latin, Armenian, Hebrew) and the forms that Arabic letters take: what a font draws, not what is searched. */
const PRESENTATION = /[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]+/g;

export const normalForms = (text: string): string =>
  text.replace(PRESENTATION, (forms) => forms.normalize('NFKC').normalize('NFC'));

/** What symbol fonts draw at places of the private use area: bullets of any, and of Wingdings the boxes and ticks of forms. */
const SYMBOLS: ReadonlyMap<string, string> = new Map([['\uf0b7', '•']]);
const WINGDINGS: ReadonlyMap<string, string> = new Map([
  ['\uf0fe', '☒'],
  ['\uf078', '☒'],
  ['\uf0fd', '☒'],
  ['\uf052', '☑'],
  ['\uf0fc', '✓'],
  ['\uf0a8', '☐'],
  ['\uf06f', '☐'],
  ['\uf071', '☐'],
  ['\uf0a7', '▪'],
  ['\uf06e', '■'],
  ['\uf0d8', '►'],
  ['\uf076', '◆'],
  ['\uf0e0', '→'],
  ['\uf0e8', '→'],
]);

export const drawnSymbols = (text: string, isWingdings: boolean): string =>
  text.replace(
    /[\uf020-\uf0ff]/g,
    (one) => (isWingdings ? WINGDINGS.get(one) : undefined) ?? SYMBOLS.get(one) ?? one,
  );

const superscripts: Readonly<Record<string, string>> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  '+': '⁺',
  '-': '⁻',
  '−': '⁻',
};

/** A unit or a symbol of a formula: what is raised behind it is a power. */
const UNIT = /(?:^|[^\p{L}\p{N}])(?:\p{L}|[kcdm]m)$/u;
const ORDINAL = /^(?:st|nd|rd|th|er|ers|re|e|o|a|ème|ère)$/iu;

/**
 * What is raised behind a text, as it is to be read: a figure that is glued to a number would change it ("134 794¹" is not
 * 134 7941), and one that is glued to a word hides it from a search.
 */
export function raisedMark(before: string, mark: string): string {
  const raised = [...mark].map((one) => superscripts[one] ?? one).join('');
  if (/^[\d+−-]*\d[\d+−-]*$/.test(mark)) return UNIT.test(before) ? raised : ` ${raised}`;
  if (/\d$/.test(before) && ORDINAL.test(mark)) return mark;
  return /^[\p{L}\p{N}]/u.test(mark) && /[\p{L}\p{N}]$/u.test(before) ? ` ${mark}` : mark;
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u3011\uff01-\uff60]/u;
const HANGUL = /\p{Script=Hangul}/u;

/** Whether the text of a line goes on in the next without a space: scripts that put none between words. */
export function joinsWithoutSpace(last: string, first: string, spaced: boolean): boolean {
  const [end, start] = [last.at(-1) ?? '', first.at(0) ?? ''];
  if (CJK.test(end) && CJK.test(start)) return true;
  return !spaced && HANGUL.test(end) && HANGUL.test(start);
}
