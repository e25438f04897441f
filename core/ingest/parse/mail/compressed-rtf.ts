import { refuse } from '../../refusal.ts';
import { encodingOfCodePage } from '../rtf/code-pages.ts';
import { rtfTokens } from '../rtf/tokens.ts';

/** What a dictionary of [MS-OXRTFCP] 2.1.2.1 begins with. */
const BEGINNING =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const DICTIONARY = 4_096;
const HEAD = 16;
const PACKED = 0x75465a4c;
const STORED = 0x414c454d;
const MAX_UNPACKED = 24 * 1024 * 1024;

/** The text of a mail as Outlook packs it (LZFu), one character a byte. */
export function unpackRtf(bytes: Uint8Array<ArrayBuffer>): string {
  if (bytes.byteLength < HEAD) return '';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint32(8, true);
  if (kind === STORED) return new TextDecoder('latin1').decode(bytes.subarray(HEAD));
  if (kind !== PACKED)
    throw refuse('malformed', 'The text of the message is packed in a way that is not known here.');
  const dictionary = new Uint8Array(DICTIONARY);
  for (let at = 0; at < BEGINNING.length; at += 1) dictionary[at] = BEGINNING.charCodeAt(at);
  let place = BEGINNING.length;
  const out: number[] = [];
  const put = (byte: number) => {
    out.push(byte);
    dictionary[place] = byte;
    place = (place + 1) % DICTIONARY;
  };
  for (let at = HEAD; at < bytes.byteLength; ) {
    const control = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.byteLength; bit += 1) {
      if (((control >> bit) & 1) === 0) {
        put(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      const reference = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      const offset = reference >> 4;
      if (offset === place) return text(out);
      for (let index = 0; index < (reference & 15) + 2; index += 1)
        put(dictionary[(offset + index) % DICTIONARY] ?? 0);
      if (out.length > MAX_UNPACKED)
        throw refuse('too_large', 'The text of the message unpacks to more than it may.');
    }
  }
  return text(out);
}

const text = (bytes: readonly number[]): string => new TextDecoder('latin1').decode(Uint8Array.from(bytes));

/**
 * The HTML that Outlook has wrapped in RTF ([MS-OXRTFEX]): what stands in `\*\htmltag` groups, and the text between them. Of
 * RTF that holds no HTML, its plain text.
 */
export function htmlInRtf(rtf: string): { readonly html: string; readonly text: string } {
  const isHtml = /\\fromhtml1/.test(rtf.slice(0, 1_000));
  const encoding = encodingOfCodePage(Number(/\\ansicpg(\d+)/.exec(rtf)?.[1])) ?? 'windows-1252';
  let written = '';
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) written += new TextDecoder(encoding).decode(Uint8Array.from(bytes));
    bytes = [];
  };
  interface State {
    readonly isSkipped: boolean;
    readonly isTag: boolean;
    readonly isRtfOnly: boolean;
  }
  let state: State = { isSkipped: false, isTag: false, isRtfOnly: false };
  const states: State[] = [];
  let isOptional = false;
  for (const token of rtfTokens(rtf)) {
    const shows = !state.isSkipped && (state.isTag || !state.isRtfOnly);
    if (token.kind === 'byte') {
      if (shows) bytes.push(token.byte);
      continue;
    }
    if (token.kind === 'text') {
      if (shows) for (let at = 0; at < token.text.length; at += 1) bytes.push(token.text.charCodeAt(at));
      continue;
    }
    flush();
    if (token.kind === 'open') states.push(state);
    else if (token.kind === 'close') state = states.pop() ?? state;
    else if (token.kind === 'symbol') {
      if (token.symbol === '*') isOptional = true;
      else if (shows && '\\{}'.includes(token.symbol)) written += token.symbol;
      else if (shows && token.symbol === '~') written += isHtml ? '&nbsp;' : ' ';
    } else {
      const { word, value } = token;
      if (isOptional) state = word === 'htmltag' ? { ...state, isTag: true } : { ...state, isSkipped: true };
      else if (word === 'htmlrtf') state = { ...state, isRtfOnly: value !== 0 };
      else if (/^(?:fonttbl|colortbl|stylesheet|info|pict)$/.test(word))
        state = { ...state, isSkipped: true };
      else if (shows && (word === 'par' || word === 'line')) written += '\n';
      else if (shows && word === 'tab') written += '\t';
      else if (shows && word === 'u') written += String.fromCharCode(((value ?? 0) + 0x10000) % 0x10000);
      else if (shows && quotes[word] !== undefined) written += quotes[word];
      isOptional = false;
    }
  }
  flush();
  return isHtml ? { html: written, text: '' } : { html: '', text: written.trim() };
}

const quotes: Readonly<Record<string, string>> = {
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  endash: '–',
  emdash: '—',
};
