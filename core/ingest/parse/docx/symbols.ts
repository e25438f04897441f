import { checkMark } from '../check-mark.ts';

/** Characters of symbol fonts that mean something, by their place in the font. Others are decoration. */
const wingdings: Readonly<Record<number, string>> = {
  252: '✓',
  251: '✗',
  224: '→',
  223: '←',
  240: '⇨',
  74: '☺',
  40: '☎',
  42: '✉',
};
const boxes: Readonly<Record<string, Readonly<Record<number, boolean>>>> = {
  wingdings: { 168: false, 111: false, 113: false, 254: true, 253: true, 120: true },
  'wingdings 2': { 42: false, 163: false, 82: true, 83: true, 84: true },
};
/** Adobe's Symbol has Greek where Latin letters stand. */
const greek = 'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ';
const symbol: Readonly<Record<number, string>> = {
  163: '≤',
  179: '≥',
  185: '≠',
  177: '±',
  180: '×',
  184: '÷',
  176: '°',
  165: '∞',
  174: '→',
  172: '←',
  222: '⇒',
  187: '≈',
  215: '⋅',
  183: '•',
  229: '∑',
  214: '√',
  162: '′',
  178: '″',
};

/** `code`: hex, with or without the F000 of the private use area. */
export function symbolOf(font: string, code: string): string {
  const at = Number.parseInt(code, 16) & 0xff;
  const name = font.toLowerCase();
  if (Number.isNaN(at)) return '';
  const ticked = boxes[name]?.[at];
  if (ticked !== undefined) return checkMark(ticked);
  if (name.startsWith('wingdings')) return wingdings[at] ?? '';
  if (name !== 'symbol')
    return Number.parseInt(code, 16) < 0xe000 ? String.fromCharCode(Number.parseInt(code, 16)) : '';
  if (at >= 0x41 && at <= 0x5a) return greek[at - 0x41] ?? '';
  if (at >= 0x61 && at <= 0x7a) return (greek[at - 0x61] ?? '').toLowerCase();
  return symbol[at] ?? (at < 0x80 ? String.fromCharCode(at) : '');
}
