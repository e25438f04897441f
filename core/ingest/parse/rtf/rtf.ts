import type { Draft } from '../../block.ts';
import { MAX_DEPTH } from '../../limits.ts';
import { refuse } from '../../refusal.ts';
import { subscript, superscript } from '../raised.ts';
import { decodeBytes, encodingOfCharset, encodingOfCodePage } from './code-pages.ts';
import { Story } from './story.ts';
import { type RtfToken, rtfTokens } from './tokens.ts';

/** Groups that hold no text of the document. */
const unread = new Set(
  'fonttbl colortbl stylesheet info pict themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl filetbl revtbl object shpinst nonshppict fldinst bkmkstart bkmkend template operator author title subject keywords comment doccomm company nextfile private atrfstart atrfend atnid atnauthor atndate atnref mmathPr pntxta pntxtb pnseclvl'.split(
    ' ',
  ),
);
/** Groups behind `\*` that are read all the same. */
const readAnyway = new Set([
  'shptxt',
  'shppict',
  'shpinst',
  'footnote',
  'atnauthor',
  'annotation',
  'fldinst',
  'nesttableprops',
]);
const repeated = new Set([
  'header',
  'headerl',
  'headerr',
  'headerf',
  'footer',
  'footerl',
  'footerr',
  'footerf',
]);
const characters: Readonly<Record<string, string>> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  cell: '',
  column: ' ',
  page: ' ',
  softline: '\n',
  zwj: '\u200d',
  zwnj: '\u200c',
};
const symbols: Readonly<Record<string, string>> = {
  '~': '\u00a0',
  _: '-',
  '-': '',
  '\\': '\\',
  '{': '{',
  '}': '}',
  '\n': '\u2029',
  '\r': '\u2029',
};

interface State {
  readonly destination: 'text' | 'none' | 'label' | 'link' | 'fonts' | 'styles';
  font: number | undefined;
  skip: number;
  isHidden: boolean;
  script: 'superscript' | 'subscript' | null;
  /** Whether a group has just been opened with `\*`. */
  isOptional: boolean;
}

/** An RTF document as blocks. */
export function parseRtf(bytes: Uint8Array<ArrayBuffer>): Iterable<Draft> {
  return new RtfReader().read(new TextDecoder('latin1').decode(bytes));
}

class RtfReader {
  #encoding = 'windows-1252';
  readonly #fonts = new Map<number, string>();
  readonly #headings = new Map<number, number>();
  #definedFont: number | undefined;
  #definedStyle: { number: number; name: string } = { number: 0, name: '' };
  #state: State = {
    destination: 'text',
    font: undefined,
    skip: 1,
    isHidden: false,
    script: null,
    isOptional: false,
  };
  readonly #states: State[] = [];
  readonly #stories: {
    readonly story: Story;
    readonly depth: number;
    readonly kind: 'body' | 'note' | 'comment' | 'repeated';
  }[] = [];
  /** What pages repeat, each text once. */
  readonly #repeated: Draft[] = [];
  #bytes: number[] = [];
  /** Characters that a reader without Unicode would show instead of the one before. */
  #toSkip = 0;
  #notes = 0;
  #link = '';
  readonly #links: { readonly depth: number; readonly from: number }[] = [];

  *read(source: string): Iterable<Draft> {
    this.#stories.push({ story: new Story(), depth: 0, kind: 'body' });
    for (const token of rtfTokens(source)) this.#token(token);
    this.#flush();
    while (this.#stories.length > 1) this.#endStory();
    const body = this.#story;
    body.endParagraph(this.#headings);
    body.endTable();
    body.endList();
    yield* this.#repeated;
    yield* body.drafts;
  }

  get #story(): Story {
    const last = this.#stories.at(-1);
    if (last === undefined) throw new Error('A document has a body.');
    return last.story;
  }

  #token(token: RtfToken): void {
    if (token.kind === 'byte') {
      if (this.#toSkip > 0) this.#toSkip -= 1;
      else this.#bytes.push(token.byte);
      return;
    }
    if (token.kind === 'text') {
      // Bytes above 127 that are written as they are belong to the encoding as well.
      const text = token.text.slice(this.#toSkip);
      this.#toSkip = Math.max(0, this.#toSkip - token.text.length);
      for (let at = 0; at < text.length; at += 1) this.#bytes.push(text.charCodeAt(at));
      return;
    }
    this.#flush();
    if (token.kind === 'open') {
      if (this.#states.length > MAX_DEPTH)
        throw refuse('too_deep', `The document is nested deeper than ${MAX_DEPTH} levels.`);
      this.#states.push(this.#state);
      this.#state = { ...this.#state, isOptional: false };
      this.#toSkip = 0;
    } else if (token.kind === 'close') {
      this.#close();
    } else if (token.kind === 'symbol') {
      this.#symbol(token.symbol);
    } else {
      this.#word(token.word, token.value);
    }
  }

  #close(): void {
    this.#toSkip = 0;
    const depth = this.#states.length;
    if (this.#links.at(-1)?.depth === depth) this.#endLink();
    if (this.#stories.length > 1 && this.#stories.at(-1)?.depth === depth) this.#endStory();
    if (this.#state.destination === 'styles') this.#defineStyle();
    this.#state = this.#states.pop() ?? this.#state;
  }

  #symbol(symbol: string): void {
    if (symbol === '*') {
      this.#state.isOptional = true;
      return;
    }
    const text = symbols[symbol];
    if (text === '\u2029') this.#story.endParagraph(this.#headings);
    else if (text !== undefined) this.#write(text);
  }

  #word(word: string, value: number | undefined): void {
    const state = this.#state;
    if (state.isOptional) {
      state.isOptional = false;
      if (!readAnyway.has(word)) this.#enter('none');
    }
    if (state.destination === 'fonts') this.#defineFont(word, value);
    if (word === 'fonttbl') this.#enter('fonts');
    else if (word === 'stylesheet') this.#enter('styles');
    else if (word === 'fldinst') this.#enter('link');
    else if (word === 'listtext' || word === 'pntext') this.#enter('label');
    else if (word === 'fldrslt')
      this.#links.push({ depth: this.#states.length, from: this.#story.text.length });
    else if (word === 'footnote') this.#beginNote();
    else if (word === 'annotation') this.#beginStory('comment');
    else if (repeated.has(word)) this.#beginStory('repeated');
    else if (word === 'result' || word === 'shptxt') this.#state = { ...this.#state, destination: 'text' };
    else if (unread.has(word)) this.#enter('none');
    else if (state.destination === 'styles') {
      if (word === 's') this.#definedStyle = { number: value ?? 0, name: '' };
    } else this.#format(word, value);
  }

  #enter(destination: State['destination']): void {
    this.#state = { ...this.#state, destination };
  }

  #format(word: string, value: number | undefined): void {
    const story = this.#story;
    const state = this.#state;
    const isOn = value !== 0;
    switch (word) {
      case 'ansicpg':
        this.#encoding = encodingOfCodePage(value) ?? this.#encoding;
        return;
      case 'mac':
        this.#encoding = 'macintosh';
        return;
      case 'u': {
        const code = value ?? 0;
        this.#write(String.fromCharCode(code < 0 ? code + 0x10000 : code));
        this.#toSkip = state.skip;
        return;
      }
      case 'uc':
        state.skip = Math.max(0, Math.min(10, value ?? 1));
        return;
      case 'f':
        state.font = value;
        return;
      case 'plain':
        state.isHidden = false;
        state.script = null;
        return;
      case 'v':
      case 'deleted':
        state.isHidden = isOn;
        return;
      case 'super':
        state.script = isOn ? 'superscript' : null;
        return;
      case 'sub':
        state.script = isOn ? 'subscript' : null;
        return;
      case 'nosupersub':
        state.script = null;
        return;
      case 'pard':
        story.isInTable = false;
        story.outline = undefined;
        story.style = 0;
        story.level = 0;
        return;
      case 's':
        story.style = value ?? 0;
        return;
      case 'outlinelevel':
        story.outline = value !== undefined && value < 9 ? value + 1 : undefined;
        return;
      case 'ilvl':
        story.level = Math.max(0, Math.min(8, value ?? 0));
        return;
      case 'intbl':
        story.isInTable = true;
        return;
      case 'par':
      case 'sect':
        story.endParagraph(this.#headings);
        return;
      case 'nestcell':
        this.#write(' | ');
        return;
      case 'nestrow':
        this.#write('; ');
        return;
      case 'cell':
        story.isInTable = true;
        story.endParagraph(this.#headings);
        story.cells.push(story.cell);
        story.cell = [];
        return;
      case 'row':
        story.endRow();
        return;
      case 'trowd':
        story.merges = [];
        story.verticals = [];
        return;
      case 'clmgf':
        story.merge = 'first';
        return;
      case 'clmrg':
        story.merge = 'next';
        return;
      case 'clvmgf':
        story.vertical = 'first';
        return;
      case 'clvmrg':
        story.vertical = 'next';
        return;
      case 'cellx':
        story.merges.push(story.merge);
        story.verticals.push(story.vertical);
        story.merge = '';
        story.vertical = '';
        return;
      case 'chftn':
        return;
      default:
        if (characters[word] !== undefined) this.#write(characters[word]);
    }
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const font = this.#state.font;
    const encoding = (font === undefined ? undefined : this.#fonts.get(font)) ?? this.#encoding;
    const text = decodeBytes(this.#bytes, encoding);
    this.#bytes = [];
    if (this.#state.destination === 'styles') this.#definedStyle.name += text;
    else this.#write(text);
  }

  #write(text: string): void {
    const { destination, isHidden, script } = this.#state;
    if (destination === 'link') this.#link += text;
    else if (destination === 'label') this.#story.label += text;
    else if (destination === 'text' && !isHidden) {
      const raised =
        script === 'superscript' ? superscript(text) : script === 'subscript' ? subscript(text) : text;
      this.#story.text += raised;
    }
  }

  #defineFont(word: string, value: number | undefined): void {
    if (word === 'f') this.#definedFont = value;
    if (this.#definedFont === undefined || value === undefined) return;
    const encoding =
      word === 'fcharset' ? encodingOfCharset(value) : word === 'cpg' ? encodingOfCodePage(value) : undefined;
    if (encoding !== undefined) this.#fonts.set(this.#definedFont, encoding);
  }

  #defineStyle(): void {
    const { number, name } = this.#definedStyle;
    const [, level] = /^\s*heading (\d)\s*;?/i.exec(name) ?? [];
    if (level !== undefined) this.#headings.set(number, Number(level));
    else if (/^\s*title\s*;?$/i.test(name)) this.#headings.set(number, 1);
    this.#definedStyle = { number: 0, name: '' };
  }

  #beginStory(kind: 'comment' | 'repeated'): void {
    this.#state = { ...this.#state, destination: 'text' };
    this.#stories.push({ story: new Story(), depth: this.#states.length, kind });
  }

  #beginNote(): void {
    this.#notes += 1;
    this.#state = { ...this.#state, destination: 'text', script: null };
    this.#story.text += `[${this.#notes}]`;
    this.#stories.push({ story: new Story(), depth: this.#states.length, kind: 'note' });
    this.#story.text = `[${this.#notes}] `;
  }

  #endStory(): void {
    const ended = this.#stories.pop();
    if (ended === undefined) return;
    const { story, kind } = ended;
    story.endParagraph(this.#headings);
    story.endTable();
    const drafts = story.drafts.filter(
      ({ text }) => !/^[\s\d/|–—-]*(?:page|seite)?[\s\d/|–—-]*$/i.test(text),
    );
    if (kind === 'note') this.#story.after.push(...drafts);
    else if (kind === 'comment')
      this.#story.text += ` [Comment: ${drafts.map(({ text }) => text).join(' ')}]`;
    else
      for (const draft of drafts) {
        if (!this.#repeated.some(({ text }) => text === draft.text)) this.#repeated.push(draft);
      }
  }

  #endLink(): void {
    const opened = this.#links.pop();
    const [, address] = /^\s*HYPERLINK\s+"([^"]+)"/i.exec(this.#link) ?? [];
    this.#link = '';
    if (opened === undefined || address === undefined || !/^(?:https?|mailto):/i.test(address)) return;
    const words = this.#story.text.slice(opened.from);
    const shown = address.replace(/^mailto:/i, '');
    if (words.trim() !== '' && !words.includes(shown)) this.#story.text += ` (${shown})`;
  }
}
