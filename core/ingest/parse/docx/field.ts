import { checkMark } from '../check-mark.ts';
import { isOn, valueIn } from '../office/package.ts';
import { childOf, elementsOf, type XmlElement } from '../xml.ts';

/** A field of a Word document (ECMA-376-1, 17.16): what it computes, and the text that it showed last. */
export class Field {
  instruction = '';
  hasResult = false;
  /** Of the pieces of the paragraph's text. */
  startsAt = 0;
  form: XmlElement | undefined = undefined;

  get isPageNumber(): boolean {
    return /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/i.test(this.instruction);
  }

  /** Numbers of pages are where a reader's pages end, not ours. */
  get shows(): boolean {
    return this.hasResult && !this.isPageNumber;
  }

  get address(): string | undefined {
    return /^\s*HYPERLINK\s+"([^"]+)"/i.exec(this.instruction)?.[1];
  }

  /** A ticked box or a chosen entry of an old form: its state stands beside the text, not in it. */
  get formValue(): string | undefined {
    const box = childOf(this.form, 'w:checkBox');
    if (box !== undefined) return checkMark(isOn(box, 'w:checked') ?? isOn(box, 'w:default') ?? false);
    const list = childOf(this.form, 'w:ddList');
    if (list === undefined) return undefined;
    const entries = elementsOf(list).filter((one) => one.name === 'w:listEntry');
    const chosen = Number(valueIn(list, 'w:result') ?? valueIn(list, 'w:default') ?? 0);
    return entries[chosen]?.attributes['w:val'];
  }
}
