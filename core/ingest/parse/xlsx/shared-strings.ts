import type { OfficePackage } from '../office/package.ts';
import { valueIn } from '../office/package.ts';
import { subscript, superscript } from '../raised.ts';
import { childOf, elementsOf, textOf, type XmlElement } from '../xml.ts';

/** Texts of cells, which a workbook keeps once however often they stand on its sheets. */
export interface SharedStrings {
  at(index: number): string;
}

export async function readSharedStrings(
  office: OfficePackage,
  part: string | undefined,
): Promise<SharedStrings> {
  const strings: string[] = [];
  if (part !== undefined) {
    for await (const { element } of office.units(part, (name) => name === 'x:si'))
      strings.push(richText(element));
  }
  return { at: (index) => strings[index] ?? '' };
}

/** Raised figures stay apart; how a word is pronounced (`x:rPh`) is left out, because it repeats the word. */
export function richText(element: XmlElement): string {
  return elementsOf(element)
    .map((child) => {
      if (child.name === 'x:t') return textOf(child);
      if (child.name !== 'x:r') return '';
      const text = textOf(childOf(child, 'x:t') ?? '');
      const vertical = valueIn(childOf(child, 'x:rPr'), 'x:vertAlign');
      if (vertical === 'superscript') return superscript(text);
      return vertical === 'subscript' ? subscript(text) : text;
    })
    .join('');
}
