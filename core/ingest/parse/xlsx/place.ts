/** Where a cell is, from 1 and 1. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Range {
  readonly from: Place;
  readonly to: Place;
}

/** 'BC12' is row 12, column 55. */
export function placeOf(reference: string | undefined): Place | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference ?? '') ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(digits), column };
}

/** 'A1:C3', or one cell. */
export function rangeOf(reference: string | undefined): Range | undefined {
  const [first, last = first] = (reference ?? '').split(':');
  const [from, to] = [placeOf(first), placeOf(last)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

export const contains = ({ from, to }: Range, { row, column }: Place): boolean =>
  row >= from.row && row <= to.row && column >= from.column && column <= to.column;
