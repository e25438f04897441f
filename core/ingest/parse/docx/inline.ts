import { checkMark } from '../check-mark.ts';
import { equation } from '../office/math.ts';
import { isOn, type Relationships, valueIn } from '../office/package.ts';
import { subscript, superscript } from '../raised.ts';
import { childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { Field } from './field.ts';
import { isMonospacedFont, type Style, type Styles } from './styles.ts';
import { symbolOf } from './symbols.ts';

/** A paragraph's own words, and what hangs on it. */
export interface Inline {
  /** White space as it stands. */
  readonly text: string;
  readonly isBold: boolean;
  readonly isMonospaced: boolean;
  /** Contents of text boxes (`w:txbxContent`), which are read after the paragraph. */
  readonly boxes: readonly XmlElement[];
  /** What pictures show, in their authors' words. */
  readonly pictures: readonly string[];
  /** Relationships to charts, diagrams and embedded documents. */
  readonly parts: readonly string[];
  readonly notes: readonly NoteReference[];
  /** Whether it has a field for the number of the page. */
  readonly hasPageNumber: boolean;
}

export interface NoteReference {
  readonly kind: 'footnote' | 'endnote';
  readonly id: string;
  /** As it stands in the text. */
  readonly mark: string;
}

export interface InlineContext {
  readonly styles: Styles;
  readonly relationships: Relationships;
  /** By id: 'K. Vogt: Legal wants offer C'. */
  readonly comments: ReadonlyMap<string, string>;
  readonly markOf: (kind: NoteReference['kind']) => string;
}

type Script = 'superscript' | 'subscript' | undefined;

/** A link's address is written after its words, unless they are the address. */
const linked = (words: string, address: string | undefined): string => {
  const shown = address?.replace(/^(?:mailto|tel):/i, '');
  if (shown === undefined || !/^(?:https?|mailto|tel|ftp):/i.test(address ?? '') || words.trim() === '')
    return words;
  return words.includes(shown) ? words : `${words} (${shown})`;
};

export function readInline(paragraph: XmlElement, context: InlineContext, style: Style): Inline {
  return new InlineReader(context, style).read(paragraph);
}

class InlineReader {
  readonly #context: InlineContext;
  readonly #style: Style;
  readonly #pieces: { text: string; script: Script }[] = [];
  readonly #boxes: XmlElement[] = [];
  readonly #pictures: string[] = [];
  readonly #parts: string[] = [];
  readonly #notes: NoteReference[] = [];
  readonly #fields: Field[] = [];
  #hasPageNumber = false;
  #letters = 0;
  #boldLetters = 0;
  #monospacedLetters = 0;

  constructor(context: InlineContext, style: Style) {
    this.#context = context;
    this.#style = style;
  }

  read(paragraph: XmlElement): Inline {
    this.#walk(paragraph);
    return {
      text: this.#text(),
      isBold: this.#letters > 0 && this.#boldLetters === this.#letters,
      isMonospaced: this.#letters > 0 && this.#monospacedLetters === this.#letters,
      boxes: this.#boxes,
      pictures: this.#pictures,
      parts: this.#parts,
      notes: this.#notes,
      hasPageNumber: this.#hasPageNumber,
    };
  }

  #text(from = 0): string {
    let text = '';
    let run: { text: string; script: Script } | undefined;
    const flush = () => {
      if (run?.script === 'superscript') text += superscript(run.text);
      else if (run?.script === 'subscript') text += subscript(run.text);
      else text += run?.text ?? '';
    };
    for (const piece of this.#pieces.slice(from)) {
      if (run !== undefined && run.script === piece.script) run.text += piece.text;
      else {
        flush();
        run = { ...piece };
      }
    }
    flush();
    return text;
  }

  #add(text: string, script?: Script): void {
    if (text !== '') this.#pieces.push({ text, script });
  }

  #walk(parent: XmlElement): void {
    for (const child of elementsOf(parent)) this.#element(child);
  }

  #element(element: XmlElement): void {
    switch (element.name) {
      case 'w:r':
        this.#run(element);
        return;
      case 'w:hyperlink': {
        const target = this.#context.relationships.get(element.attributes['r:id'] ?? '');
        const anchor = element.attributes['w:anchor'];
        const address = target?.isExternal
          ? `${target.target}${anchor === undefined ? '' : `#${anchor}`}`
          : undefined;
        this.#link(address, () => this.#walk(element));
        return;
      }
      case 'w:fldSimple': {
        const field = new Field();
        field.instruction = element.attributes['w:instr'] ?? '';
        this.#fields.push(field);
        field.hasResult = true;
        this.#walk(element);
        this.#endField();
        return;
      }
      case 'w:sdt':
        this.#contentControl(element);
        return;
      case 'm:oMath':
      case 'm:oMathPara':
        this.#add(` ${equation(element)} `);
        return;
      // Deleted or moved away; properties; what ruby writes above, which repeats the word.
      case 'w:del':
      case 'w:moveFrom':
      case 'w:pPr':
      case 'w:rPr':
      case 'w:sdtPr':
      case 'w:rt':
        return;
      case 'mc:AlternateContent':
        this.#walk(childOf(element, 'mc:Choice') ?? childOf(element, 'mc:Fallback') ?? element);
        return;
      default:
        this.#walk(element);
    }
  }

  #contentControl(control: XmlElement): void {
    const properties = childOf(control, 'w:sdtPr');
    if (isOn(properties, 'w:showingPlcHdr')) return;
    const checkbox = childOf(properties, 'w14:checkbox');
    if (checkbox !== undefined) this.#add(checkMark(isOn(checkbox, 'w14:checked') ?? false));
    else this.#walk(childOf(control, 'w:sdtContent') ?? control);
  }

  #run(run: XmlElement): void {
    const properties = childOf(run, 'w:rPr');
    const style = this.#context.styles.of(valueIn(properties, 'w:rStyle') ?? '');
    if (isOn(properties, 'w:vanish') ?? style.isHidden) return;
    if (style.name === 'placeholder text') return;
    const vertical = valueIn(properties, 'w:vertAlign');
    const script = vertical === 'superscript' || vertical === 'subscript' ? vertical : undefined;
    const isBold = isOn(properties, 'w:b') ?? (style.isBold || this.#style.isBold);
    const isMonospaced = isMonospacedFont(properties) || style.isMonospaced || this.#style.isMonospaced;
    for (const child of elementsOf(run)) {
      const text = this.#runText(child);
      const letters = text.replace(/\s/g, '').length;
      this.#letters += letters;
      if (isBold) this.#boldLetters += letters;
      if (isMonospaced) this.#monospacedLetters += letters;
      this.#add(text, text.startsWith('[') ? undefined : script);
    }
  }

  /** What one thing in a run reads as. */
  #runText(element: XmlElement): string {
    const field = this.#fields.at(-1);
    switch (element.name) {
      case 'w:t': {
        if (field !== undefined && !field.shows) return '';
        // Boxes that people type rather than insert are boxes all the same.
        return textOf(element).replace(/[☐☑☒🗹🗷] ?/gu, (box) => checkMark(!box.startsWith('☐')));
      }
      case 'w:tab':
      case 'w:ptab':
        return '\t';
      case 'w:br':
        return (element.attributes['w:type'] ?? 'textWrapping') === 'textWrapping' ? '\n' : ' ';
      case 'w:cr':
        return '\n';
      case 'w:noBreakHyphen':
        return '-';
      case 'w:sym':
        return symbolOf(element.attributes['w:font'] ?? '', element.attributes['w:char'] ?? '');
      case 'w:footnoteReference':
      case 'w:endnoteReference':
        return this.#note(element);
      case 'w:commentReference': {
        const comment = this.#context.comments.get(element.attributes['w:id'] ?? '');
        return comment === undefined ? '' : ` [Comment by ${comment}]`;
      }
      case 'w:fldChar':
        this.#fieldMark(element);
        return '';
      case 'w:instrText':
        if (field !== undefined) field.instruction += textOf(element);
        return '';
      case 'w:drawing':
      case 'w:pict':
      case 'w:object':
        return this.#drawing(element);
      case 'mc:AlternateContent':
        return elementsOf(childOf(element, 'mc:Choice') ?? childOf(element, 'mc:Fallback') ?? element)
          .map((child) => this.#runText(child))
          .join('');
      case 'w:ruby': {
        const base = childOf(element, 'w:rubyBase');
        return base === undefined ? '' : [...descendantsOf(base, 'w:t')].map(textOf).join('');
      }
      default:
        return '';
    }
  }

  #note(reference: XmlElement): string {
    const kind = reference.name === 'w:footnoteReference' ? 'footnote' : 'endnote';
    const id = reference.attributes['w:id'];
    if (id === undefined) return '';
    const isOwnMark = ['1', 'true', 'on'].includes(reference.attributes['w:customMarkFollows'] ?? '');
    const mark = isOwnMark ? '' : `[${this.#context.markOf(kind)}]`;
    this.#notes.push({ kind, id, mark });
    return mark;
  }

  #fieldMark(mark: XmlElement): void {
    const type = mark.attributes['w:fldCharType'];
    if (type === 'begin') {
      const data = childOf(mark, 'w:ffData');
      const field = new Field();
      if (data !== undefined) field.form = data;
      field.startsAt = this.#pieces.length;
      this.#fields.push(field);
    } else if (type === 'separate') {
      const field = this.#fields.at(-1);
      if (field !== undefined) field.hasResult = true;
    } else if (type === 'end') {
      this.#endField();
    }
  }

  #endField(): void {
    const field = this.#fields.pop();
    if (field === undefined) return;
    if (field.isPageNumber) this.#hasPageNumber = true;
    this.#add(field.formValue ?? '');
    const address = field.address;
    if (address === undefined) return;
    const words = this.#text(field.startsAt);
    this.#pieces.splice(field.startsAt);
    this.#add(linked(words, address));
  }

  #link(address: string | undefined, walk: () => void): void {
    const from = this.#pieces.length;
    walk();
    if (address === undefined) return;
    const words = this.#text(from);
    this.#pieces.splice(from);
    this.#add(linked(words, address));
  }

  /** Pictures, text boxes, charts, diagrams and embedded objects; what an old program would draw instead is left out. */
  #drawing(drawing: XmlElement): string {
    let text = '';
    for (const found of descendantsOf(drawing, ...drawn)) {
      switch (found.name) {
        case 'mc:AlternateContent':
          text += this.#drawing(childOf(found, 'mc:Choice') ?? childOf(found, 'mc:Fallback') ?? found);
          break;
        case 'w:txbxContent':
          this.#boxes.push(found);
          break;
        case 'wp:docPr':
        case 'pic:cNvPr':
        case 'v:shape':
          this.#pictures.push(found.attributes.descr ?? found.attributes.alt ?? '');
          text += this.#drawing(found);
          break;
        case 'v:textpath':
          text += ` ${found.attributes.string ?? ''} `;
          break;
        case 'm:oMath':
          text += ` ${equation(found)} `;
          break;
        default:
          this.#parts.push(found.attributes['r:id'] ?? found.attributes['r:dm'] ?? '');
      }
    }
    return text;
  }
}

const drawn = [
  'mc:AlternateContent',
  'w:txbxContent',
  'wp:docPr',
  'pic:cNvPr',
  'v:shape',
  'v:textpath',
  'c:chart',
  'dgm:relIds',
  'o:OLEObject',
  'm:oMath',
];

/** The comments of a document by their ids, each as one line with its author. */
export function readComments(root: XmlElement | undefined): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const comment of root === undefined ? [] : elementsOf(root)) {
    const { 'w:id': id, 'w:author': author = 'somebody' } = comment.attributes;
    const text = [...descendantsOf(comment, 'w:p')]
      .map((paragraph) => [...descendantsOf(paragraph, 'w:t')].map(textOf).join(''))
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
    if (id !== undefined && text !== '') comments.set(id, `${author}: ${text}`);
  }
  return comments;
}
