/**
 * How many tokens a WordPiece model (bge, MiniLM) makes of a text, estimated from its characters: English
 * words average 4.7 letters and 1.25 tokens, digits and marks stand nearly alone, other alphabets fall into
 * pieces of one or two letters, and scripts without spaces into single characters. Errs on the high side.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += 1) tokens += weight(text.charCodeAt(at));
  return tokens;
}

function weight(unit: number): number {
  if (isSpace(unit)) return 0;
  if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)) return 0.26;
  if (unit >= 0x30 && unit <= 0x39) return 0.5;
  if (unit < 0x80) return 1;
  // Latin with accents, Greek, Cyrillic, Hebrew, Arabic, Indic letters.
  return unit < 0x0e00 ? 0.5 : 1;
}

/** White space as `\s` has it: what is trimmed from segments must weigh nothing, and nothing else may. */
const isSpace = (unit: number): boolean =>
  unit === 0x20 ||
  (unit >= 0x09 && unit <= 0x0d) ||
  unit === 0xa0 ||
  unit === 0x1680 ||
  (unit >= 0x2000 && unit <= 0x200a) ||
  unit === 0x2028 ||
  unit === 0x2029 ||
  unit === 0x202f ||
  unit === 0x205f ||
  unit === 0x3000 ||
  unit === 0xfeff;
