import { MAX_PDF_PAGES } from '../limits.ts';

/**
 * pdf.js stops at the first page that it does not find in the page tree (ISO 32000-1, 7.7.3) and forgets those behind it.
 * Here the tree is read again from the bytes, as far as its objects stand there unpacked, and an update is written behind
 * the file that lists the pages in one row, with a blank one in the place of each that is missing.
 */
export interface RepairedTree {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Pages, from 1, that are not there. */
  readonly missing: ReadonlySet<number>;
}

/** A dictionary of the page tree with more pages than are read is no use either. */
const MAX_DICTIONARY = 100_000;

export function repairedPageTree(bytes: Uint8Array<ArrayBuffer>): RepairedTree | null {
  const text = new TextDecoder('latin1').decode(bytes);
  const root = [...text.matchAll(/\/Root\s+(\d+)\s+\d+\s+R/g)].at(-1)?.[1];
  if (root === undefined || /\/Encrypt\s+\d+\s+\d+\s+R/.test(text)) return null;
  const objects = objectsIn(text);
  const pages = /\/Pages\s+(\d+)\s+\d+\s+R/.exec(objects.get(Number(root)) ?? '')?.[1];
  const tree = objects.get(Number(pages));
  if (pages === undefined || tree === undefined) return null;
  const kids = kidsOf(Number(pages), objects);
  if (kids.length > MAX_PDF_PAGES || !kids.some((kid) => kid !== null)) return null;
  const blank = Math.max(...objects.keys()) + 1;
  const entries = /<<([\s\S]*)>>/.exec(tree)?.[1] ?? '';
  const inherited = entries
    .replace(/\/Kids\s*\[[^\]]*\]/, '')
    .replace(/\/(?:Count|Parent)\s+\d+(?:\s+\d+\s+R)?/g, '');
  const flat = kids.map((kid) => `${kid ?? blank} 0 R`).join(' ');
  const update = new Update(text);
  update.add(Number(pages), `<< ${inherited} /Kids [${flat}] /Count ${kids.length} >>`);
  update.add(blank, `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 595 842] /Resources << >> >>`);
  const written = Uint8Array.from(update.end(Number(root), blank + 1), (one) => one.charCodeAt(0));
  const repaired = new Uint8Array(bytes.length + written.length);
  repaired.set(bytes);
  repaired.set(written, bytes.length);
  return { bytes: repaired, missing: new Set(kids.flatMap((kid, at) => (kid === null ? [at + 1] : []))) };
}

/** The dictionaries of the objects that stand in the file unpacked; the last one of a number is the one that counts. */
function objectsIn(text: string): ReadonlyMap<number, string> {
  const objects = new Map<number, string>();
  for (const { 0: mark, 1: number, index } of text.matchAll(/\b(\d{1,10})\s+\d{1,5}\s+obj\b/g)) {
    const from = index + mark.length;
    const body = text.slice(from, from + MAX_DICTIONARY);
    const end = body.search(/\bendobj\b|\bstream\r?\n/);
    objects.set(Number(number), end < 0 ? body : body.slice(0, end));
  }
  return objects;
}

/** The numbers of the pages in their order; null for one that is not there. A node that was met before is passed over. */
function kidsOf(root: number, objects: ReadonlyMap<number, string>): readonly (number | null)[] {
  const found: (number | null)[] = [];
  const seen = new Set<number>();
  const waiting = [root];
  while (waiting.length > 0 && found.length <= MAX_PDF_PAGES) {
    const number = waiting.shift() ?? root;
    const dictionary = objects.get(number);
    if (seen.has(number)) continue;
    seen.add(number);
    if (dictionary === undefined) found.push(null);
    else if (/\/Kids\b/.test(dictionary)) {
      const kids = /\/Kids\s*\[([^\]]*)\]/.exec(dictionary)?.[1] ?? '';
      waiting.unshift(...[...kids.matchAll(/(\d+)\s+\d+\s+R/g)].map(([, kid]) => Number(kid)));
    } else found.push(/\/Type\s*\/Page\b|\/Contents\b|\/MediaBox\b/.test(dictionary) ? number : null);
  }
  return found;
}

/** An incremental update (ISO 32000-1, 7.5.6). */
class Update {
  readonly #start: number;
  readonly #previous: string | undefined;
  readonly #offsets: { readonly number: number; readonly offset: number }[] = [];
  #body = '\n';

  constructor(text: string) {
    this.#start = text.length;
    this.#previous = [...text.matchAll(/\bstartxref\s+(\d+)/g)].at(-1)?.[1];
  }

  add(number: number, dictionary: string): void {
    this.#offsets.push({ number, offset: this.#start + this.#body.length });
    this.#body += `${number} 0 obj\n${dictionary}\nendobj\n`;
  }

  end(root: number, size: number): string {
    const table = this.#offsets
      .map(({ number, offset }) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`)
      .join('');
    const previous = this.#previous === undefined ? '' : `/Prev ${this.#previous}`;
    return `${this.#body}xref\n${table}trailer\n<< /Size ${size} /Root ${root} 0 R ${previous} >>\nstartxref\n${this.#start + this.#body.length}\n%%EOF\n`;
  }
}
