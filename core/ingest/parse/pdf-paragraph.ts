import type { PageBreak } from '../block.ts';
import type { Line } from './pdf-line.ts';
import { joinsWithoutSpace } from './pdf-writing.ts';

export const BULLET =
  /^\s*(?:[•·◦▪●■‣∙▸►✓✔☐☑☒○□◆◇*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,5}[.)])\s+\S/iu;

/** A line of a table of contents, as `pdf-columns.ts` leaves it. */
export const CONTENTS = / … [\divxlc.-]+$/i;

const HYPHENATED = /\p{L}[\p{L}\p{M}\p{N}]*(?:[-‐][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

/** The words of a document as it writes them inside its lines: evidence for how a word that a line end cuts is written. */
export class Vocabulary {
  readonly #words = new Set<string>();

  constructor(lines: Iterable<Line>) {
    for (const { text } of lines) {
      // What a line end cuts is no evidence.
      for (const [word] of text.replace(/\S*[-‐\u00ad]\s*$/u, '').matchAll(HYPHENATED)) {
        this.#words.add(plain(word));
      }
    }
  }

  has(word: string): boolean {
    return this.#words.has(plain(word));
  }
}

const plain = (word: string): string => word.toLowerCase().replaceAll('‐', '-');

/** First parts of English compounds that keep their hyphen, where the document itself does not show how it writes them. */
const COMPOUNDING = new Set(
  (
    'self community health post socio long short high low well ill full half part price cost time year day month week hour two three four five six ' +
    'seven eight nine ten twenty thirty first second third double single multi cross non ex pro anti all best better ' +
    'large small medium fast slow hard soft high low open closed real right left old new good bad state so in on off ' +
    'up down top end user data risk tax fee rent car fire water air oil gas heat light road ship store shop house home ' +
    'market credit cash profit loss loan debt bank trade work job life child class case law rule fact field hand head ' +
    'eye ear foot wide deep wind sun snow rain blue red green black white grey decision customer company government ' +
    'computer machine error energy power quality safety service value world city server client role rate object event'
  ).split(' '),
);

/** Second parts of compounds that keep their hyphen after any word. */
const COMPOUNDED = new Set(
  (
    'related based speaking oriented specific free driven owned wide like made aged born led term scale sized style type ' +
    'party point rate sector bound built dependent friendly intensive minded proof ready rich scheduled sensitive shaped ' +
    'sided standing tested wise year old degree level demographic economic political conditional compliance president'
  ).split(' '),
);

/** Endings that make no word of their own: what stands before them was cut at a syllable. */
const ENDING =
  /^(?:age|ages|ly|er|ers|est|en|ens|ed|es|ing|ings|ful|fully|less|able|ably|ible|ity|ment|ments|tion|tions|sion|sions|ness|ship|ships|hood|ward|wards|wise|ance|ence|ant|ent|al|ally|ial|ian|ous|ive|ize|ise|ism|ist|ists|ory|ary|ure|ate|ated|ates|some|land|lands|light|lights|ton|dom|most|ther|self|selves)\b/;

/** Words that continue an omitted part ("Haupt- und Nebensache"): the hyphen and the space both stay. */
const LINKING = /^(?:and|or|to|und|oder|bis|sowie|et|ou|y|o|e|en|of|i|och|og)\b/i;

/** The lines of a block as text, with the places where it goes on to another page. */
export function joinLines(
  lines: readonly Line[],
  vocabulary: Vocabulary,
): { readonly text: string; readonly pageBreaks: readonly PageBreak[] } {
  let text = '';
  let before: Line | undefined;
  const pageBreaks: PageBreak[] = [];
  for (const line of lines) {
    const next = line.text.replace(/\s+/g, ' ').trim();
    if (next === '') continue;
    if (text !== '' && before !== undefined) text = continued(text, next, before, vocabulary);
    if (before !== undefined && before.page !== line.page)
      pageBreaks.push({ at: text.length, page: line.page });
    text += next;
    before = line;
  }
  return { text, pageBreaks };
}

/** The text so far, ended as the next line needs it. */
function continued(text: string, next: string, before: Line, vocabulary: Vocabulary): string {
  if (BULLET.test(next) || CONTENTS.test(next)) return `${text}\n`;
  if (/[\p{L}\p{N}]\u00ad$/u.test(text)) return text.slice(0, -1);
  if (/\p{L}[-‐]$/u.test(text)) {
    if (LINKING.test(next)) return `${text} `;
    if (/^\p{Ll}/u.test(next)) return keepsHyphen(text, next, vocabulary) ? text : text.slice(0, -1);
    if (/^[\p{L}\p{N}]/u.test(next)) return text;
  }
  return joinsWithoutSpace(text, next, before.spaced) ? text : `${text} `;
}

/** Whether the hyphen at the end of `text` belongs to the word that goes on in `next`. */
export function keepsHyphen(text: string, next: string, vocabulary?: Vocabulary): boolean {
  const first = /[\p{L}\p{M}\p{N}'’]+(?:[-‐][\p{L}\p{M}\p{N}]+)*(?=[-‐]$)/u.exec(text)?.[0] ?? '';
  const second = /^[\p{L}\p{M}\p{N}]+(?:[-‐][\p{L}\p{M}\p{N}]+)*/u.exec(next)?.[0] ?? '';
  const hyphenated = vocabulary?.has(`${first}-${second}`) === true;
  const joined = vocabulary?.has(first + second) === true;
  if (hyphenated !== joined) return hyphenated;
  if (hyphenated) return false;
  const start = first.split(/[-‐]/).at(-1)?.toLowerCase() ?? '';
  if (first.includes('-') || second.includes('-')) return true;
  if (COMPOUNDED.has(second.toLowerCase())) return first.length > 2;
  return COMPOUNDING.has(start) && second.length > 2 && !ENDING.test(second);
}
