/** Scripts that write without spaces: there a gold answer may stand inside a longer run of letters. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/**
 * Text as SQuAD's evaluation compares it (Rajpurkar et al., 2016): lower case, without punctuation and English
 * articles. Also NFKC, and numbers lose their thousands separators but keep their decimal point.
 */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/(?<!\d)\.|\.(?!\d)/g, ' ')
    .replace(/[^\p{L}\p{M}\p{N}.]+/gu, ' ')
    .replace(/\b(a|an|the)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the gold answer stands in the text as whole words. An empty gold answer is held by nothing. */
export function holds(text: string, gold: string): boolean {
  const [inside, wanted] = [normalised(text), normalised(gold)];
  if (wanted === '') return false;
  return unspaced.test(wanted) ? inside.includes(wanted) : ` ${inside} `.includes(` ${wanted} `);
}
