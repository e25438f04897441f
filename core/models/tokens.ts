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
