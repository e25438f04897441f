import { isOn, valueIn } from '../office/package.ts';
import { childAt, childOf, elementsOf, type XmlElement } from '../xml.ts';

/** What a paragraph or a run is by its style, the styles that it is based on included. */
export interface Style {
  readonly id: string;
  /** Word's own names are English in every language: 'heading 1', 'Title', 'toc 1'. In lower case. */
  readonly name: string;
  /** 1 and on for headings. */
  readonly headingLevel?: number;
  readonly isTitle: boolean;
  readonly isBold: boolean;
  readonly isMonospaced: boolean;
  readonly isHidden: boolean;
  readonly numbering?: { readonly id: string; readonly level?: number };
}

const codeName =
  /\b(?:code|source|listing|preformatted|verbatim|macro text|console|terminal)\b|quellcode|programmcode/i;
const monospaced =
  /courier|consolas|menlo|monaco|lucida console|source code|fira (?:code|mono)|jetbrains|inconsolata|cascadia|ubuntu mono|roboto mono|ibm plex mono|dejavu sans mono|liberation mono|andale mono|letter gothic/i;
/** A style may be based on another, that on a third …: real ones on some five. */
const MAX_CHAIN = 30;

export const isMonospacedFont = (properties: XmlElement | undefined): boolean =>
  monospaced.test(childOf(properties, 'w:rFonts')?.attributes['w:ascii'] ?? '');

export class Styles {
  readonly #elements = new Map<string, XmlElement>();
  readonly #resolved = new Map<string, Style>();
  #defaultParagraph: string | undefined;

  constructor(root: XmlElement | undefined) {
    for (const element of root === undefined ? [] : elementsOf(root)) {
      const id = element.attributes['w:styleId'];
      if (element.name !== 'w:style' || id === undefined) continue;
      this.#elements.set(id, element);
      const isDefault = ['1', 'true', 'on'].includes(element.attributes['w:default'] ?? '');
      if (isDefault && element.attributes['w:type'] === 'paragraph') this.#defaultParagraph = id;
    }
  }

  /** Of a paragraph; that of the default one where it names none. */
  ofParagraph(id: string | undefined): Style {
    return this.of(id ?? this.#defaultParagraph ?? '');
  }

  of(id: string): Style {
    const known = this.#resolved.get(id);
    if (known !== undefined) return known;
    const style = this.#resolve(id);
    this.#resolved.set(id, style);
    return style;
  }

  /** From the style itself to what it is based on: the first that says a thing is right. */
  #resolve(id: string): Style {
    const chain: XmlElement[] = [];
    for (let at: string | undefined = id; at !== undefined && chain.length < MAX_CHAIN; ) {
      const element = this.#elements.get(at);
      if (element === undefined || chain.includes(element)) break;
      chain.push(element);
      at = valueIn(element, 'w:basedOn');
    }
    const first = <Value>(read: (element: XmlElement) => Value | undefined): Value | undefined => {
      for (const element of chain) {
        const value = read(element);
        if (value !== undefined) return value;
      }
      return undefined;
    };
    const name = nameOf(chain[0]) ?? id;
    const names = chain.length === 0 ? [id] : chain.map((element) => nameOf(element) ?? '');
    const headingLevel =
      first((element) => levelNamed(nameOf(element) ?? '')) ??
      levelNamed(name) ??
      outline(first((element) => valueIn(childOf(element, 'w:pPr'), 'w:outlineLvl')));
    const numberingId = first((element) => valueIn(childAt(element, 'w:pPr', 'w:numPr'), 'w:numId'));
    const numberingLevel = first((element) => valueIn(childAt(element, 'w:pPr', 'w:numPr'), 'w:ilvl'));
    const run = (element: XmlElement) => childOf(element, 'w:rPr');
    return {
      id,
      name,
      ...(headingLevel === undefined ? {} : { headingLevel }),
      isTitle: names.includes('title'),
      isBold: first((element) => isOn(run(element), 'w:b')) ?? false,
      isMonospaced:
        names.some((one) => codeName.test(one)) ||
        first((element) => isMonospacedFont(run(element)) || undefined) === true,
      isHidden: first((element) => isOn(run(element), 'w:vanish')) ?? false,
      ...(numberingId === undefined
        ? {}
        : {
            numbering: {
              id: numberingId,
              ...(numberingLevel === undefined ? {} : { level: Number(numberingLevel) }),
            },
          }),
    };
  }
}

const nameOf = (style: XmlElement | undefined): string | undefined => valueIn(style, 'w:name')?.toLowerCase();

/** 'heading 2'; also ids of documents without a list of styles: 'Heading2'. */
const levelNamed = (name: string): number | undefined => {
  const level = /^heading ?([1-9])$/i.exec(name)?.[1];
  return level === undefined ? undefined : Number(level);
};

/** Word counts levels of an outline from 0; 9 is body text. */
export const outline = (value: string | undefined): number | undefined => {
  const level = value === undefined ? Number.NaN : Number(value);
  return level >= 0 && level < 9 ? level + 1 : undefined;
};
