import { refuse } from '../refusal.ts';
import { decoded, detectEncoding } from './detect.ts';

/**
 * Bytes as text.
 *
 *  ING-29 The encoding is what a byte order mark says, else UTF-8 where the bytes are that beyond chance, else what the
 *     file or its sender declares, else UTF-16 by its zeros, else what a checked detector finds; whatever is not UTF-8 is
 *     said in a remark. What stays ambiguous is refused with the encodings that it may be in.
 */
export interface DecodedText {
  readonly text: string;
  /** For the document: which encoding, and who says so. */
  readonly remark?: string;
}

export interface Declared {
  /** As the upload's content type has it: `text/csv; charset=shift_jis`. */
  readonly contentType?: string;
}

/** Sequences of several bytes that are UTF-8 by chance are rarer than one in a thousand texts beyond this. */
const BEYOND_CHANCE = 3;
/** In a long UTF-8 text a few damaged bytes are a damage, and no other encoding: one in so many sequences. */
const DAMAGE = 0.002;

export function decodeBytes(bytes: Uint8Array, { contentType = '' }: Declared = {}): DecodedText {
  const marked = byMark(bytes);
  if (marked !== undefined) return marked;
  const declared = declaredEncoding(bytes, contentType);
  const utf8 = decoded('utf-8', bytes);
  if (utf8 !== undefined) {
    const shift = isoJapanese(bytes);
    if (shift !== undefined) return { text: shift, remark: remarkOf('iso-2022-jp', declared) };
    const sequences = countSequences(utf8);
    const other = sequences > 0 && sequences < BEYOND_CHANCE ? declared : undefined;
    if (other === undefined || other === 'utf-8') return zerosAside(utf8, bytes);
  }
  if (declared !== undefined && declared !== 'utf-8') {
    const text = decoded(declared, bytes);
    if (text !== undefined) return { text, remark: remarkOf(declared, declared) };
  }
  if (utf8 !== undefined) return zerosAside(utf8, bytes);
  return byZeros(bytes) ?? damagedUtf8(bytes) ?? byDetector(bytes);
}

export const decodeText = (bytes: Uint8Array, declared?: Declared): string =>
  decodeBytes(bytes, declared).text;

function byMark(bytes: Uint8Array): DecodedText | undefined {
  const [a, b, c] = bytes;
  const encoding =
    a === 0xef && b === 0xbb && c === 0xbf
      ? 'utf-8'
      : a === 0xff && b === 0xfe
        ? 'utf-16le'
        : a === 0xfe && b === 0xff
          ? 'utf-16be'
          : undefined;
  if (encoding === undefined) return;
  const text = decoded(encoding, bytes);
  if (text === undefined) {
    throw refuse(
      'not_utf8',
      `The text begins as ${encoding.toUpperCase()} and is not valid ${encoding.toUpperCase()}; save it as UTF-8.`,
    );
  }
  return { text };
}

/** What the first bytes say in ASCII: HTML's `<meta>`, the XML declaration, the mark of editors, CSS's `@charset`. */
export function declaredEncoding(bytes: Uint8Array, contentType: string): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const label =
    /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1] ??
    /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1] ??
    /<meta[^>]*\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1] ??
    /^(?:.*\n)?.*-\*-.*\bcoding:\s*([\w.:-]+)/.exec(head)?.[1] ??
    /^@charset "([\w.:-]+)"/.exec(head)?.[1];
  return label === undefined ? undefined : canonicalEncoding(label);
}

/** Names that people write and the WHATWG's list of labels does not have. */
const aliases: Readonly<Record<string, string>> = {
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  cp950: 'big5',
  cp874: 'windows-874',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  utf8mb4: 'utf-8',
  'windows-31j': 'shift_jis',
  macroman: 'macintosh',
};

function canonicalEncoding(label: string): string | undefined {
  const name = label.trim().toLowerCase();
  for (const one of [
    name,
    aliases[name] ?? '',
    name.replace(/_/g, '-'),
    name.replace(/^cp-?(\d{4})$/, 'windows-$1'),
  ]) {
    try {
      if (one !== '') return new TextDecoder(one).encoding;
    } catch {
      // Not this one.
    }
  }
  return;
}

const remarkOf = (encoding: string, declared: string | undefined): string =>
  encoding === declared
    ? `Read as ${encoding}, as the file declares.`
    : `Read as ${encoding}, which the file does not say.`;

const countSequences = (text: string): number => text.match(/[\u0080-\uffff]/g)?.length ?? 0;

/** Japanese mail: ASCII with escapes. */
function isoJapanese(bytes: Uint8Array): string | undefined {
  const at = bytes.indexOf(0x1b);
  if (at < 0 || bytes[at + 1] !== 0x24 || (bytes[at + 2] !== 0x42 && bytes[at + 2] !== 0x40)) return;
  return decoded('iso-2022-jp', bytes);
}

/** UTF-16 without a mark is valid UTF-8 where it is ASCII: each second byte is zero. */
const zerosAside = (utf8: string, bytes: Uint8Array): DecodedText => byZeros(bytes) ?? { text: utf8 };

function byZeros(bytes: Uint8Array): DecodedText | undefined {
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (
    bytes.length % 2 !== 0 ||
    Math.max(even, odd) <= head.length / 16 ||
    Math.min(even, odd) * 20 > Math.max(even, odd)
  )
    return;
  const encoding = odd > even ? 'utf-16le' : 'utf-16be';
  const text = decoded(encoding, bytes);
  return text === undefined ? undefined : { text, remark: remarkOf(encoding, undefined) };
}

function damagedUtf8(bytes: Uint8Array): DecodedText | undefined {
  const text = new TextDecoder('utf-8').decode(bytes);
  const damaged = text.match(/\ufffd/g)?.length ?? 0;
  if (damaged > countSequences(text) * DAMAGE) return;
  return { text, remark: `${damaged} place(s) are not valid UTF-8 and are shown as �.` };
}

function byDetector(bytes: Uint8Array): DecodedText {
  const found = detectEncoding(bytes);
  if (found.kind === 'found') return { text: found.text, remark: remarkOf(found.encoding, undefined) };
  const [first, ...others] = found.encodings.slice(0, 4);
  const why =
    first === undefined
      ? 'it is in no encoding in which it would be a text, or in several at once'
      : `it does not say its encoding, and could be ${[first, ...others].join(' or ')}`;
  throw refuse('not_utf8', `The text is not UTF-8: ${why}. Save it as UTF-8.`);
}
