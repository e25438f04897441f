/** Rich Text Format 1.9.1 as a row of tokens. A text token is one byte or more that stand as themselves. */
export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'word'; readonly word: string; readonly value: number | undefined }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'text'; readonly text: string };

/** `source`: one character a byte. Pictures in binary form are left out. */
export function* rtfTokens(source: string): Iterable<RtfToken> {
  const next =
    /\{|\}|\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|([^\\{}\r\n]+)|[\r\n]+|\\/gy;
  for (let found = next.exec(source); found !== null; found = next.exec(source)) {
    const [whole, word, value, hex, symbol, text] = found;
    if (whole === '{') yield { kind: 'open' };
    else if (whole === '}') yield { kind: 'close' };
    else if (word !== undefined) {
      const number = value === undefined ? undefined : Number(value);
      if (word === 'bin') next.lastIndex += Math.max(0, number ?? 0);
      else yield { kind: 'word', word, value: number };
    } else if (hex !== undefined) yield { kind: 'byte', byte: Number.parseInt(hex, 16) };
    else if (symbol !== undefined) yield { kind: 'symbol', symbol };
    else if (text !== undefined) yield { kind: 'text', text };
  }
}
