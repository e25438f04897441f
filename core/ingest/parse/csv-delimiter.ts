/** Tried in this order: of equals the first is taken, and what stands inside of values less often comes first. */
const delimiters = ['\t', ';', '|', ',', '\u001f', '^'] as const;

/** Lines that are looked at. */
const SAMPLE = 200;

/**
 * What separates the cells: the mark that most lines have equally often, and most of. The first line alone misleads: it may
 * be a title, or hold commas in its names.
 */
export function delimiterOf(text: string): string {
  const records = sampleRecords(text);
  let best = { mark: ',', score: 0 };
  for (const mark of delimiters) {
    const counts = new Map<number, number>();
    for (const record of records) {
      const width = record.split(mark).length;
      if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
    }
    for (const [width, lines] of counts) {
      const share = lines / records.length;
      // One more column is worth less than that the lines agree.
      const score = share * share * Math.log2(1 + width);
      if (score > best.score * 1.01) best = { mark, score };
    }
  }
  return best.mark;
}

/** Records with their quoted cells left out: what stands in them separates nothing. */
function sampleRecords(text: string): readonly string[] {
  const start = text.slice(0, 200_000);
  const unquoted = start.replace(/"(?:[^"]|"")*"/g, (cell) => (cell.length > 20_000 ? cell : ''));
  return unquoted
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE);
}
