import { numeral } from '../docx/numbering.ts';
import { childOf, elementsOf, type XmlElement } from '../xml.ts';

interface Style {
  readonly parent: string | undefined;
  readonly name: string;
  readonly element: XmlElement;
}

interface ListLevel {
  readonly format: string | null;
  readonly prefix: string;
  readonly suffix: string;
  readonly levels: number;
  readonly start: number;
}

const code = /preformatted|source|code|listing|verbatim/i;
/** A style may be based on another, that on a third …: real ones on some five. */
const MAX_CHAIN = 30;

/** Styles of an OpenDocument file, as far as they say what a paragraph is. */
export class OpenDocumentStyles {
  readonly #styles = new Map<string, Style>();
  readonly #lists = new Map<string, readonly (ListLevel | undefined)[]>();
  #outline: readonly (ListLevel | undefined)[] = [];

  add(element: XmlElement): void {
    const name = element.attributes['style:name'] ?? '';
    if (element.name === 'style:style') {
      const shown =
        element.attributes['style:display-name'] ??
        name.replace(/_([0-9a-f]{2})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      this.#styles.set(`${element.attributes['style:family']}:${name}`, {
        parent: element.attributes['style:parent-style-name'],
        name: shown,
        element,
      });
    } else if (element.name === 'text:list-style') {
      this.#lists.set(name, readLevels(element));
    } else if (element.name === 'text:outline-style') {
      this.#outline = readLevels(element);
    }
  }

  isTitle(style: string | undefined): boolean {
    return this.#chain('paragraph', style).some(({ name }) => name === 'Title');
  }

  isCode(style: string | undefined): boolean {
    return this.#chain('paragraph', style).some(({ name }) => code.test(name));
  }

  /** Of a family's style or of those that it is based on: the first that has the property. */
  property(family: string, style: string | undefined, group: string, name: string): string | undefined {
    for (const { element } of this.#chain(family, style)) {
      const value = childOf(element, `style:${group}-properties`)?.attributes[name];
      if (value !== undefined) return value;
    }
    return undefined;
  }

  listStyleOf(style: string | undefined): string | undefined {
    return this.#chain('paragraph', style).find(
      ({ element }) => element.attributes['style:list-style-name'] !== undefined,
    )?.element.attributes['style:list-style-name'];
  }

  /** '2.1', '-' for a bullet; '' where nothing is shown. `counters` are of the levels down to this one. */
  label(list: string | undefined, counters: readonly number[]): string {
    const levels = list === undefined ? undefined : this.#lists.get(list);
    return labelOf(levels ?? [], counters) ?? '-';
  }

  outlineLabel(counters: readonly number[]): string {
    return labelOf(this.#outline, counters) ?? '';
  }

  startOf(list: string | undefined, level: number): number {
    return (list === undefined ? undefined : this.#lists.get(list)?.[level]?.start) ?? 1;
  }

  #chain(family: string, style: string | undefined): readonly Style[] {
    const found: Style[] = [];
    for (let at = style; at !== undefined && found.length < MAX_CHAIN; ) {
      const one = this.#styles.get(`${family}:${at}`);
      if (one === undefined || found.includes(one)) break;
      found.push(one);
      at = one.parent;
    }
    return found;
  }
}

function readLevels(element: XmlElement): readonly (ListLevel | undefined)[] {
  const levels: (ListLevel | undefined)[] = [];
  for (const { name, attributes } of elementsOf(element)) {
    const at = Number(attributes['text:level']) - 1;
    if (!(at >= 0 && at < 10)) continue;
    levels[at] = {
      format: name === 'text:list-level-style-bullet' ? null : (attributes['style:num-format'] ?? ''),
      prefix: attributes['style:num-prefix'] ?? '',
      suffix: attributes['style:num-suffix'] ?? '',
      levels: Number(attributes['text:display-levels'] ?? 1),
      start: Number(attributes['text:start-value'] ?? 1),
    };
  }
  return levels;
}

const formats: Readonly<Record<string, string>> = {
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
};

function labelOf(
  levels: readonly (ListLevel | undefined)[],
  counters: readonly number[],
): string | undefined {
  const own = levels[counters.length - 1];
  if (own === undefined) return undefined;
  if (own.format === null) return '-';
  if (own.format === '') return '';
  const first = Math.max(0, counters.length - own.levels);
  const numbers = counters.slice(first).map((count, at) => {
    const format = levels[first + at]?.format ?? own.format ?? '1';
    return numeral(count, formats[format] ?? 'decimal');
  });
  return `${own.prefix}${numbers.join('.')}${own.suffix}`;
}
