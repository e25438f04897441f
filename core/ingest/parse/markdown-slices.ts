/**
 * A long Markdown text in slices that are parsed one by one. micromark keeps some 250 bytes for every character of
 * what it parses (1 GB for 4 MiB), and its time grows with the square of a table's rows.
 *
 * A slice ends before a heading or a paragraph after a blank line, or before an item of an outermost list, outside
 * of fenced code; where none comes for long, at a line's end, and the next slice then repeats the head of an open table
 * or fence. The definitions of links and notes are given to every slice that refers to them.
 */
const SOFT_LENGTH = 16_000;
const HARD_LENGTH = 32_000;
/** Characters of definitions that a slice is given; beyond, a link of another slice shows its marks. */
const MAX_DEFINITIONS = 16_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const START = /^[#\p{L}\p{N}]/u;
const ITEM = /^(?:[-+*]|\d{1,9}[.)])[ \t]/;
const DELIMITERS = /^[\s|:-]*-[\s|:-]*$/;

export function* markdownSlices(text: string): Iterable<string> {
  if (text.length <= HARD_LENGTH) {
    yield text;
    return;
  }
  const definitions = definitionsIn(text);
  let slice = '';
  let fence = '';
  /** The lines since the last blank one: whether they are a table is said by the second. */
  let paragraph: string[] = [];
  for (const line of linesOf(text)) {
    const isBlank = line.trim() === '';
    const starts = fence === '' && (ITEM.test(line) || (paragraph.length === 0 && START.test(line)));
    const isFull = slice.length + line.length > HARD_LENGTH;
    if (slice !== '' && (isFull || (starts && slice.length > SOFT_LENGTH))) {
      yield slice + (fence === '' ? '' : `${fenceMark(fence)}\n`) + definitionsFor(slice, definitions);
      slice = fence === '' ? tableHead(paragraph) : fence;
    }
    slice += line;
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined && fence === '') fence = line;
    else if (mark !== undefined && line.trim().startsWith(fenceMark(fence)) && line.trim() === mark)
      fence = '';
    if (isBlank) paragraph = [];
    else if (paragraph.length < 2) paragraph.push(line);
  }
  yield slice + definitionsFor(slice, definitions);
}

const fenceMark = (line: string): string => FENCE.exec(line)?.[1] ?? '';

const tableHead = (paragraph: readonly string[]): string =>
  paragraph[1]?.includes('|') && DELIMITERS.test(paragraph[1]) ? paragraph.join('') : '';

/** Lines with their ends; one that no slice could hold is cut at white space where there is some. */
function* linesOf(text: string): Iterable<string> {
  for (const [line] of text.matchAll(/.*\n|.+$/g)) {
    let from = 0;
    while (line.length - from > SOFT_LENGTH) {
      const end = from + SOFT_LENGTH;
      const space = line.lastIndexOf(' ', end);
      const isLow = (line.charCodeAt(end) & 0xfc00) === 0xdc00;
      const to = space > from ? space + 1 : isLow ? end - 1 : end;
      yield `${line.slice(from, to)}\n`;
      from = to;
    }
    yield line.slice(from);
  }
}

interface Definition {
  readonly label: string;
  readonly lines: string;
}

/** Of links and of notes; a note goes on in the lines that are indented under it. */
function definitionsIn(text: string): readonly Definition[] {
  const found: Definition[] = [];
  const pattern =
    /^ {0,3}(\[[^\]\n]{1,200}\]):[^\n]{0,2000}\n(?:(?:[^\S\n]*\n)?(?: {4}|\t)[^\n]{0,2000}\n){0,50}/gm;
  for (const [lines, label = ''] of text.matchAll(pattern)) found.push({ label: label.toLowerCase(), lines });
  return found;
}

function definitionsFor(slice: string, definitions: readonly Definition[]): string {
  if (definitions.length === 0) return '';
  const referred = new Set(
    Array.from(slice.matchAll(/\[[^\]\n]{1,200}\](?!:)/g), ([label]) => label.toLowerCase()),
  );
  let given = '\n\n';
  for (const { label, lines } of definitions) {
    if (!referred.has(label) || slice.includes(lines)) continue;
    if (given.length + lines.length > MAX_DEFINITIONS) break;
    given += `${lines}\n`;
  }
  return given;
}
