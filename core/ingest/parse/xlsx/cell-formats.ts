/// <reference path="./numfmt.d.ts" />
import { format, isDateFormat } from 'numfmt';
import { childOf, elementsOf, type XmlElement } from '../xml.ts';

/**
 * Numbers as a workbook shows them (ECMA-376-1, 18.8.30): percentages, currencies, dates and times by the format of their
 * cell. Under no format a number stays as it is written, because a column that is too narrow is no reason to round.
 */
export class CellFormats {
  /** Format of each style of cells, by its number. */
  readonly #patterns: readonly string[];
  readonly #countsFrom1904: boolean;

  constructor(styles: XmlElement | undefined, countsFrom1904: boolean) {
    const own = new Map<number, string>();
    for (const one of elementsIn(styles, 'x:numFmts')) {
      own.set(Number(one.attributes.numFmtId), one.attributes.formatCode ?? 'General');
    }
    this.#patterns = elementsIn(styles, 'x:cellXfs').map(({ attributes }) => {
      const id = Number(attributes.numFmtId ?? 0);
      return own.get(id) ?? builtIn[id] ?? (isDateInAsia(id) ? ISO_DATE : 'General');
    });
    this.#countsFrom1904 = countsFrom1904;
  }

  shown(written: string, style: number): string {
    const pattern = this.#patterns[style] ?? 'General';
    const value = Number(written);
    if (written === '' || Number.isNaN(value)) return written;
    if (/^general$/i.test(pattern)) return plain(written, value);
    try {
      const shifted = this.#countsFrom1904 && isDateFormat(pattern) ? value + DAYS_FROM_1900_TO_1904 : value;
      const text = format(pattern, shifted).trim();
      // A date that no calendar has is shown as a row of signs.
      return text === '' || /^#+$/.test(text) ? plain(written, value) : text;
    } catch {
      return plain(written, value);
    }
  }
}

const elementsIn = (parent: XmlElement | undefined, name: string): readonly XmlElement[] => {
  const list = childOf(parent, name);
  return list === undefined ? [] : elementsOf(list);
};

const DAYS_FROM_1900_TO_1904 = 1_462;
/** A workbook counts on 15 digits; what stands behind them is noise of binary fractions. */
const DIGITS = 15;

const plain = (written: string, value: number): string =>
  /^-?\d+$/.test(written) ? written : String(Number(value.toPrecision(DIGITS)));

const ISO_DATE = 'yyyy-mm-dd';

/** Dates that Excel writes in the manner of each reader's country are written in the one that nobody misreads. */
const builtIn: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: ISO_DATE,
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: `${ISO_DATE} h:mm`,
  37: '#,##0 ;(#,##0)',
  38: '#,##0 ;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
};

/** Formats that Chinese, Japanese and Korean editions have for dates. */
const isDateInAsia = (id: number): boolean => (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
