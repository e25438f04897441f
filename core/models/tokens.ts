/**
 * Three answers to "how many tokens is this?", because three things are asked: about how many, for a bill
 * (`estimateTokens`); how many at the most, for a reservation (`mostTokens`); and how many WordPieces, on the high
 * side, for cutting passages that a small encoder reads whole (`estimateWordPieces`).
 */

/** Han, kana and hangul: about one token a character in every tokenizer that we meet. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Characters of alphabetic text in a token: 4 is OpenAI's rule of thumb for English. */
const CHARACTERS_A_TOKEN = 4;

/**
 * Tokens of a text where the model does not count them itself (Workers AI's embeddings and rerankers do
 * not). An estimate, and marked as one on the span.
 */
export function estimateTokens(text: string): number {
  const denseCharacters = text.match(dense)?.length ?? 0;
  return denseCharacters + Math.ceil((text.length - denseCharacters) / CHARACTERS_A_TOKEN);
}

const encoder = new TextEncoder();

/**
 * The most tokens that any tokenizer makes of a text: one a byte, as byte-level BPE does where it finds no pair to
 * join and SentencePiece where it falls back to bytes. Some normalize first, which can make a text longer.
 */
export function mostTokens(text: string): number {
  const forms = [text, text.normalize('NFC'), text.normalize('NFKC')];
  return Math.max(...forms.map((form) => encoder.encode(form).length));
}

/**
 * How many tokens a WordPiece model (bge, MiniLM) makes of a text, estimated from its characters: English
 * words average 4.7 letters and 1.25 tokens, digits and marks stand nearly alone, other alphabets fall into
 * pieces of one or two letters, and scripts without spaces into single characters. Errs on the high side.
 */
export function estimateWordPieces(text: string): number {
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
