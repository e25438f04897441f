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
