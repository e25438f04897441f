import { valueIn } from '../office/package.ts';
import { childOf, elementsOf, type XmlElement } from '../xml.ts';
import type { Styles } from './styles.ts';

/**
 * Numbers of lists and headings as Word shows them (ECMA-376-1, 17.9): paragraphs point to a list, the list to its
 * definition, and lists of one definition count on where another has stopped, unless they begin anew.
 */
export class Numbering {
  readonly #definitions = new Map<string, Definition>();
  readonly #lists = new Map<string, XmlElement>();
  readonly #styles: Styles;
  /** What each definition has counted to, by level. */
  readonly #counters = new Map<string, (number | undefined)[]>();
  readonly #begun = new Set<string>();

  constructor(root: XmlElement | undefined, styles: Styles) {
    this.#styles = styles;
    for (const element of root === undefined ? [] : elementsOf(root)) {
      const definition = element.attributes['w:abstractNumId'];
      if (element.name === 'w:abstractNum' && definition !== undefined) {
        this.#definitions.set(definition, readDefinition(element));
      }
      const list = element.attributes['w:numId'];
      if (element.name === 'w:num' && list !== undefined) this.#lists.set(list, element);
    }
  }

  /** The level at which a list numbers paragraphs of a style. */
  levelOfStyle(listId: string, styleId: string): number {
    const [, definition] = this.#definitionOf(listId) ?? [];
    return Math.max(0, definition?.levels.findIndex((level) => level?.style === styleId) ?? 0);
  }

  /**
   * Counts one paragraph: '3.', '2.1', 'a)'; '-' for a bullet of any form, '' where the level shows nothing, null where
   * there is no such list.
   */
  next(listId: string, level: number): string | null {
    const found = this.#definitionOf(listId);
    if (found === undefined || level < 0 || level > 8) return null;
    const [definitionId, definition] = found;
    const counters = this.#counters.get(definitionId) ?? [];
    this.#counters.set(definitionId, counters);
    const levels = this.#levelsOf(listId, definition, counters);
    const own = levels[level];
    if (own === undefined) return null;
    counters[level] = (counters[level] ?? own.start - 1) + 1;
    for (let deeper = level + 1; deeper < 9; deeper += 1) {
      if (levels[deeper]?.restarts !== false) counters[deeper] = undefined;
    }
    if (own.format === 'bullet') return '-';
    return own.text.replace(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1;
      const other = levels[at];
      const format = own.isLegal ? 'decimal' : (other?.format ?? 'decimal');
      return numeral(counters[at] ?? other?.start ?? 1, format);
    });
  }

  /** A list may begin at another number and show its levels in another form than its definition. */
  #levelsOf(
    listId: string,
    definition: Definition,
    counters: (number | undefined)[],
  ): readonly (Level | undefined)[] {
    const list = this.#lists.get(listId);
    const overrides = (list === undefined ? [] : elementsOf(list)).filter(
      (one) => one.name === 'w:lvlOverride',
    );
    if (overrides.length === 0) return definition.levels;
    const isFirst = !this.#begun.has(listId);
    this.#begun.add(listId);
    const levels = [...definition.levels];
    for (const override of overrides) {
      const at = Number(override.attributes['w:ilvl'] ?? 0);
      const other = childOf(override, 'w:lvl');
      if (other !== undefined) levels[at] = readLevel(other);
      const start = Number(valueIn(override, 'w:startOverride') ?? Number.NaN);
      const level = levels[at];
      if (Number.isNaN(start) || level === undefined) continue;
      levels[at] = { ...level, start };
      if (isFirst) counters[at] = undefined;
    }
    return levels;
  }

  #definitionOf(listId: string): readonly [string, Definition] | undefined {
    const id = this.#lists.get(listId);
    const definitionId = valueIn(id, 'w:abstractNumId');
    const definition = definitionId === undefined ? undefined : this.#definitions.get(definitionId);
    if (definition === undefined || definitionId === undefined) return undefined;
    // A definition may only name a style, which names the list that has the levels.
    const other =
      definition.style === undefined ? undefined : this.#styles.of(definition.style).numbering?.id;
    const otherId =
      other === undefined || other === listId
        ? undefined
        : valueIn(this.#lists.get(other), 'w:abstractNumId');
    const linked = otherId === undefined ? undefined : this.#definitions.get(otherId);
    return linked === undefined || otherId === undefined ? [definitionId, definition] : [otherId, linked];
  }
}

interface Definition {
  readonly levels: readonly (Level | undefined)[];
  readonly style?: string;
}

interface Level {
  readonly start: number;
  readonly format: string;
  readonly text: string;
  readonly isLegal: boolean;
  /** Whether it begins anew after a level above. */
  readonly restarts: boolean;
  readonly style?: string;
}

function readDefinition(element: XmlElement): Definition {
  const levels: (Level | undefined)[] = [];
  for (const level of elementsOf(element).filter((one) => one.name === 'w:lvl')) {
    const at = Number(level.attributes['w:ilvl'] ?? 0);
    if (at >= 0 && at < 9) levels[at] = readLevel(level);
  }
  const style = valueIn(element, 'w:numStyleLink');
  return { levels, ...(style === undefined ? {} : { style }) };
}

function readLevel(element: XmlElement): Level {
  const style = valueIn(element, 'w:pStyle');
  const start = Number(valueIn(element, 'w:start') ?? 1);
  return {
    start: Number.isInteger(start) ? start : 1,
    format: valueIn(element, 'w:numFmt') ?? 'decimal',
    text: valueIn(element, 'w:lvlText') ?? '',
    isLegal: childOf(element, 'w:isLgl') !== undefined,
    restarts: valueIn(element, 'w:lvlRestart') !== '0',
    ...(style === undefined ? {} : { style }),
  };
}

/** Formats that are not known here are shown as figures. */
export function numeral(value: number, format: string): string {
  switch (format) {
    case 'none':
      return '';
    case 'decimalZero':
      return String(value).padStart(2, '0');
    case 'lowerRoman':
      return roman(value).toLowerCase();
    case 'upperRoman':
      return roman(value);
    case 'lowerLetter':
      return letters(value);
    case 'upperLetter':
      return letters(value).toUpperCase();
    case 'ordinal':
      return `${value}${ordinalEnding(value)}`;
    default:
      return String(value);
  }
}

const romanDigits: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(value: number): string {
  if (value < 1 || value > 3999) return String(value);
  let left = value;
  let text = '';
  for (const [size, digit] of romanDigits) {
    text += digit.repeat(Math.floor(left / size));
    left %= size;
  }
  return text;
}

/** a … z, aa … zz: Word repeats the letter. */
const letters = (value: number): string =>
  value < 1 || value > 780
    ? String(value)
    : String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.ceil(value / 26));

const ordinalEnding = (value: number): string => {
  if (value % 100 >= 11 && value % 100 <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th';
};
