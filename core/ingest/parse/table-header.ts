/**
 * Which rows of a table name its columns, where the format does not say: by evidence, because a record that is taken for
 * the names makes every line state a falsehood ("Bern: Chur | 12: 15").
 *
 *  ING-27 The first row names the columns only where it can: each of its cells is a word of its own that no row below has
 *     in that column, and none is a figure or a date where the column holds figures or dates.
 */

/** Rows that are looked at: a header differs from the next rows as much as from all. */
const SAMPLE = 50;
/** Longer cells are sentences, and no names. */
const MAX_NAME_LENGTH = 80;

export type Shape = 'empty' | 'number' | 'date' | 'word';

export function shapeOf(cell: string): Shape {
  const text = cell.trim();
  if (text === '' || /^[-–—./]+$/.test(text)) return 'empty';
  if (isDate(text)) return 'date';
  // Digits with their signs, and a unit or a currency beside them.
  const digits = text.replace(/^[\p{Sc}]|[\p{Sc}]$|^[A-Z]{3}\s(?=\d)|\s?[A-Z]{3}$/gu, '').trim();
  return /^[-+−~<>≈(]?\s?[\d][\d\s.,'’:/)%‰()-]*$/.test(digits) || /^[-+−]?[.,]\d+\s?%?$/.test(digits)
    ? 'number'
    : 'word';
}

const isDate = (text: string): boolean =>
  /^\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ]\d{1,2}:\d{2}.*)?$/.test(text) ||
  /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:[, ]+\d{1,2}:\d{2}.*)?$/.test(text);

/** 1 where the first row names the columns, else 0. Rows without spans, as they stand. */
export function headerRowsByEvidence(rows: readonly (readonly string[])[]): 0 | 1 {
  const [first, ...rest] = rows.slice(0, SAMPLE);
  if (first === undefined || rest.length === 0) return 0;
  const names = first.map((cell) => cell.trim());
  const filled = names.filter((name) => name !== '');
  if (filled.length === 0 || filled.some((name) => name.length > MAX_NAME_LENGTH)) return 0;
  // The corner over the names of rows is often empty; more empty names make no header.
  if (names.slice(1).filter((name) => name === '').length > names.length / 3) return 0;
  let evidence = 0;
  for (const [column, name] of names.entries()) {
    const below = rest.map((row) => (row[column] ?? '').trim()).filter((cell) => cell !== '');
    if (name === '' || below.length === 0) continue;
    const shape = shapeOf(name);
    const alike = below.filter((cell) => shapeOf(cell) === shape).length / below.length;
    if (shape === 'word') {
      if (below.includes(name)) evidence -= 2;
      else if (alike < 0.3) evidence += 2;
    } else if (alike > 0.5 && !isYear(name)) return 0;
  }
  return evidence >= 0 ? 1 : 0;
}

/** Years name columns of figures. */
const isYear = (name: string): boolean => /^(?:19|20)\d{2}$/.test(name);
