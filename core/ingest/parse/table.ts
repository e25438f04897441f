/** A table as text: a line a row, cells parted by a bar. */
export const tableText = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')).join(' | ')).join('\n');

/**
 * A long table in pieces that each say what their columns are: the header is the first of every piece's
 * `rows`, and each line of the text names its cells, so that a passage cut anywhere still explains itself.
 */
export function* recordBlocks(
  header: readonly string[],
  records: Iterable<readonly string[]>,
  lengthAPiece: number,
): Iterable<{ readonly text: string; readonly rows: readonly (readonly string[])[] }> {
  let rows: (readonly string[])[] = [];
  let lines: string[] = [];
  let length = 0;
  for (const record of records) {
    const line = recordLine(header, record);
    if (line === '') continue;
    if (lines.length > 0 && length + line.length > lengthAPiece) {
      yield { text: lines.join('\n'), rows: [header, ...rows] };
      rows = [];
      lines = [];
      length = 0;
    }
    rows.push(record);
    lines.push(line);
    length += line.length + 1;
  }
  if (lines.length > 0) yield { text: lines.join('\n'), rows: [header, ...rows] };
}

const recordLine = (header: readonly string[], record: readonly string[]): string =>
  record
    .map((cell, index) => {
      const value = cell.replace(/\s+/g, ' ').trim();
      const name = header[index]?.trim() ?? '';
      if (value === '') return '';
      return name === '' ? value : `${name}: ${value}`;
    })
    .filter((part) => part !== '')
    .join(' | ');
