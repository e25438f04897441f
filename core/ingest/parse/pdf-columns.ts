import { type Cell, type Line, partOf, type Rules, withCells } from './pdf-line.ts';

/**
 * Lines that a wide gap cuts are not all rows of a table. A bullet and its text, a line of a table of contents, and two
 * columns of prose that were written row by row look the same; here they become what a reader sees.
 */
export function inReadingOrder(lines: readonly Line[], rules: Rules): readonly Line[] {
  const ordered: Line[] = [];
  let cut: Line[] = [];
  const close = () => {
    ordered.push(...columnsApart(cut, rules));
    cut = [];
  };
  for (const line of withContents(lines.map(withBullet).map(withUnits))) {
    const last = cut.at(-1);
    const near = last === undefined || Math.abs(last.y0 - line.y0) < Math.max(last.size, line.size) * 4;
    if (line.turned || !near) close();
    if (line.turned || (line.cells.length < 2 && cut.length === 0)) ordered.push(line);
    else cut.push(line);
  }
  close();
  return ordered;
}

/** A bullet of a symbol font without a map to Unicode. */
const DRAWN = /^[\p{Cc}\p{Co}\ufffd]$/u;
const MARKER = /^(?:[•·◦▪●■‣∙▸►✓✔☐☑☒○□◆◇*–—-]|\[[ x]\]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,5}[.)])$/iu;

/** A bullet that a tab parts from its text belongs to it. */
function withBullet(line: Line): Line {
  const [mark, text, ...rest] = line.cells;
  if (mark === undefined || text === undefined || !/\p{L}/u.test(text.text)) return line;
  const isDrawn = DRAWN.test(mark.text);
  if (!isDrawn && !MARKER.test(mark.text)) return line;
  if (rest.length > 0 && /\d/.test(mark.text)) return line;
  return withCells(line, [
    { ...text, text: `${isDrawn ? '•' : mark.text} ${text.text}`, x0: mark.x0 },
    ...rest,
  ]);
}

const SIGN_BEFORE = /^[$€£¥₹]$|^(?:US|C|A|HK|R)\$$|^\($/;
const SIGN_BEHIND = /^(?:%|\)|\)%|%\))$/;

/** Signs of currencies, per cents and brackets that accounts set apart from their figures belong to them. */
function withUnits(line: Line): Line {
  const cells: Cell[] = [];
  for (const cell of line.cells) {
    const last = cells.at(-1);
    const isFigure = /^[\d(.–—-]/u.test(cell.text);
    if (last !== undefined && SIGN_BEFORE.test(last.text) && isFigure) {
      const space = last.text === '(' ? '' : ' ';
      cells[cells.length - 1] = { ...cell, text: last.text + space + cell.text, x0: last.x0 };
    } else if (last !== undefined && SIGN_BEHIND.test(cell.text) && /\d$/.test(last.text)) {
      cells[cells.length - 1] = { ...last, text: last.text + cell.text, x1: cell.x1 };
    } else cells.push(cell);
  }
  return cells.length === line.cells.length ? line : withCells(line, cells);
}

/** Dots that lead from a title to its page, or from a label to its value. */
const LEADER = /\s*(?:[.·…_‥]\s?){4,}\s*/u;
const LEADERS = new RegExp(LEADER.source, 'gu');
const PAGE = /^(?:\d{1,4}|[ivxlc]{1,6}|[A-Z]-?\d{1,3})$/i;

/** Dot leaders are no cells. Two lines or more that lead to a page number are a table of contents. */
function withContents(lines: readonly Line[]): readonly Line[] {
  const led = lines.map((line) => LEADER.test(line.text));
  const isContents = lines.map((line, at) => {
    if (led[at] !== true) return false;
    const end = line.text.replace(LEADERS, ' \u0000').split('\u0000').at(-1)?.trim() ?? '';
    return PAGE.test(end);
  });
  return lines.map((line, at) => {
    if (led[at] !== true) return line;
    if (isContents[at] === true && (isContents[at - 1] === true || isContents[at + 1] === true)) {
      const text = line.text.replace(LEADERS, ' … ').trim();
      return withCells(line, [{ text, x0: line.x0, x1: line.x1, bold: line.bold }]);
    }
    const cells = line.cells
      .map((cell) => ({ ...cell, text: cell.text.replace(LEADERS, ' ').trim() }))
      .filter(({ text }) => text !== '');
    return cells.length === 0 ? line : withCells(line, cells);
  });
}

/** Rows that at least as many lines of a column must have to be prose. */
const LEAST_LINES = 3;
/** Letters of a line of prose, on average. */
const LEAST_MEAN = 18;

function columnsApart(lines: readonly Line[], rules: Rules): readonly Line[] {
  const gutter = gutterOf(lines);
  if (gutter === null) return lines;
  const left = lines.flatMap((line) => partOf(line, (cell) => cell.x1 <= gutter.x0 + 1));
  const right = lines.flatMap((line) => partOf(line, (cell) => cell.x0 >= gutter.x1 - 1));
  if (left.length + right.length === 0) return lines;
  const isDrawn = rules.lying.some(
    ({ from, to, at }) =>
      from < gutter.x0 - 5 && to > gutter.x1 + 5 && at < (lines[0]?.y1 ?? 0) && at > (lines.at(-1)?.y0 ?? 0),
  );
  const prose = isProse(left) && isProse(right);
  if (isDrawn || !(prose || areTwoTables(left, right, gutter))) return lines;
  const rtl = lines.filter((line) => line.rtl).length * 2 > lines.length;
  return rtl ? [...right, ...left] : [...left, ...right];
}

/** The widest strip near the middle that no cell enters, where most lines stand on both sides of it. */
function gutterOf(lines: readonly Line[]): { readonly x0: number; readonly x1: number } | null {
  if (lines.filter(({ cells }) => cells.length > 1).length < LEAST_LINES) return null;
  const cells = lines.flatMap((line) => line.cells).toSorted((a, b) => a.x0 - b.x0);
  const [first] = cells;
  if (first === undefined) return null;
  const from = first.x0;
  const to = Math.max(...cells.map(({ x1 }) => x1));
  let reach = first.x1;
  let best: { x0: number; x1: number } | null = null;
  for (const { x0, x1 } of cells) {
    const middle = (reach + x0) / 2;
    const isCentral = middle > from + (to - from) * 0.25 && middle < from + (to - from) * 0.75;
    if (x0 > reach && isCentral && (best === null || x0 - reach > best.x1 - best.x0))
      best = { x0: reach, x1: x0 };
    reach = Math.max(reach, x1);
  }
  return best;
}

/**
 * Prose: nearly every row has a line in the column, and lines go on in the next: they reach the column's end, or the next
 * begins with a small letter. In a table that holds for one column at most.
 */
function isProse(lines: readonly Line[]): boolean {
  if (lines.length < LEAST_LINES || lines.some(({ cells }) => cells.length > 1)) return false;
  const mean = lines.reduce((sum, { text }) => sum + text.length, 0) / lines.length;
  if (mean < LEAST_MEAN) return false;
  const end = Math.max(...lines.map(({ x1 }) => x1));
  const start = Math.min(...lines.map(({ x0 }) => x0));
  const pairs = lines.slice(1).map((line, at) => ({ line, before: lines[at] }));
  const goingOn = pairs.filter(
    ({ line, before }) =>
      before !== undefined && !/[.!?:;]\s*$/.test(before.text) && /^\p{Ll}/u.test(line.text),
  ).length;
  const full = lines.filter(({ x0, x1 }) => x1 - x0 > (end - start) * 0.85).length;
  return goingOn >= pairs.length * 0.3 || (full >= lines.length * 0.7 && mean >= 25);
}

/** Two tables beside each other: a gutter much wider than other gaps, with the same heading, or other rows, on both sides. */
function areTwoTables(
  left: readonly Line[],
  right: readonly Line[],
  gutter: { readonly x0: number; readonly x1: number },
): boolean {
  const both = [left, right];
  if (both.some((side) => side.filter(({ cells }) => cells.length > 1).length < 2)) return false;
  const gaps = both.flatMap((side) =>
    side.flatMap(({ cells }) => cells.slice(1).map((cell, at) => cell.x0 - (cells[at]?.x1 ?? cell.x0))),
  );
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  if (gutter.x1 - gutter.x0 < usual * 1.2) return false;
  const headings = both.map((side) => side[0]?.cells.map(({ text }) => text).join('|'));
  const rows = (side: readonly Line[]) => new Set(side.map(({ y0 }) => Math.round(y0)));
  const [ours, theirs] = [rows(left), rows(right)];
  const shared = [...ours].filter((y) => theirs.has(y) || theirs.has(y + 1) || theirs.has(y - 1)).length;
  const differ = shared < Math.min(ours.size, theirs.size) * 0.5;
  const kinds = both.map(kindsOf);
  const alike = kinds[0] === kinds[1] && /^t+f/.test(kinds[0] ?? '') && gutter.x1 - gutter.x0 > usual * 1.5;
  return headings[0] === headings[1] || differ || alike;
}

/** What stands in the columns of a side: a letter each, t for text and f for figures. */
function kindsOf(side: readonly Line[]): string {
  const width = Math.max(...side.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, at) => {
    const texts = side.slice(1).flatMap(({ cells }) => cells[at]?.text ?? []);
    return texts.filter((text) => /^[^\p{L}]*\p{N}/u.test(text)).length * 2 > texts.length ? 'f' : 't';
  }).join('');
}
