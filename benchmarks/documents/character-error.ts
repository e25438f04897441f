/**
 * Character error rate: the fewest insertions, deletions and substitutions (Levenshtein 1966) that turn what was read into
 * what stands there, by the length of the latter. Runs of white space count as one space, Markdown's marks not at all.
 */
export function characterError(read: string, truth: string): number {
  const [a, b] = [[...plain(read)], [...plain(truth)]];
  let row = Array.from({ length: a.length + 1 }, (_, at) => at);
  for (const [at, letter] of b.entries()) {
    const next = [at + 1];
    for (const [place, other] of a.entries()) {
      next.push(
        Math.min(
          (row[place + 1] ?? 0) + 1,
          (next[place] ?? 0) + 1,
          (row[place] ?? 0) + Number(letter !== other),
        ),
      );
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(1, b.length);
}

const plain = (text: string): string =>
  text
    .replace(/^#+ |^[-*] |[|*`]/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
