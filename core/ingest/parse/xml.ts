import { Parser } from 'htmlparser2';
import { MAX_DEPTH, MAX_NODES } from '../limits.ts';
import { refuse } from '../refusal.ts';

/**
 * XML of any size as a sequence of small trees.
 *
 *  ING-50 A document is never a tree in memory: the caller names the elements that it wants whole (a paragraph, a row), and
 *     each is dropped when the next comes. A unit of more than `MAX_NODES` nodes, or nested deeper than `MAX_DEPTH`,
 *     is refused.
 *  ING-51 No entity but XML's own five and characters by number is replaced, and nothing that a document names outside of
 *     itself is fetched.
 */
export interface XmlElement {
  /** With the prefix of `prefixes` for a namespace that stands there, else as written. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

export interface XmlUnit {
  readonly element: XmlElement;
  /** The elements around it, outermost first; the same object for all units in the same one. */
  readonly around: readonly XmlSurrounding[];
}

export type XmlSurrounding = Pick<XmlElement, 'name' | 'attributes'>;

/** Namespace → the prefix under which its names are known here, whatever a document calls it. */
export type Prefixes = Readonly<Record<string, string>>;

interface Options {
  readonly prefixes?: Prefixes;
  /** Which elements are wanted whole, when they are not inside one already; the root where it is left out. */
  readonly isUnit?: (name: string, path: readonly string[]) => boolean;
  /** As it is said in errors: 'word/document.xml'. */
  readonly part?: string;
  /** What ends before its last element is closed is read as far as it goes, rather than refused. */
  readonly allowTruncated?: true;
}

type Decoder = InstanceType<typeof TextDecoder>;

export async function* readXml(
  source: AsyncIterable<Uint8Array> | Uint8Array | string,
  options: Options = {},
): AsyncGenerator<XmlUnit> {
  const reader = new UnitReader(options);
  if (typeof source === 'string') {
    reader.write(source);
  } else {
    let decoder: Decoder | undefined;
    for await (const piece of source instanceof Uint8Array ? [source] : source) {
      decoder ??= decoderFor(piece, options.part);
      reader.write(decode(decoder, piece, options.part));
      yield* reader.take();
    }
  }
  yield* reader.take();
  reader.end();
  yield* reader.take();
}

/** The whole of a small part. */
export async function readXmlRoot(
  source: AsyncIterable<Uint8Array> | Uint8Array | string,
  options: Omit<Options, 'isUnit'> = {},
): Promise<XmlElement | undefined> {
  for await (const { element } of readXml(source, options)) return element;
  return undefined;
}

/** By byte order mark, else by the encoding that the first line declares. */
function decoderFor(head: Uint8Array, part: string | undefined): Decoder {
  const marks: readonly (readonly [number, number, string])[] = [
    [0xff, 0xfe, 'utf-16le'],
    [0xfe, 0xff, 'utf-16be'],
    [0x3c, 0x00, 'utf-16le'],
    [0x00, 0x3c, 'utf-16be'],
  ];
  const marked = marks.find(([first, second]) => head[0] === first && head[1] === second)?.[2];
  const start = new TextDecoder('latin1').decode(head.subarray(0, 200));
  const declared = /^[^<]{0,3}<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)/.exec(start)?.[1];
  try {
    return new TextDecoder(marked ?? declared ?? 'utf-8', { fatal: true, ignoreBOM: false });
  } catch (cause) {
    throw refuse(
      'malformed',
      `${naming(part)} declares an encoding that does not exist: '${declared}'.`,
      cause,
    );
  }
}

function decode(decoder: Decoder, piece: Uint8Array, part: string | undefined): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw refuse('malformed', `${naming(part)} is not valid ${decoder.encoding.toUpperCase()}.`, cause);
  }
}

const naming = (part: string | undefined): string => (part === undefined ? 'The XML' : `Its part ${part}`);

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
}

/** Most surroundings are never asked for their attributes. */
const surrounding = (name: string, raw: Readonly<Record<string, string>>, scope: Scope): XmlSurrounding => ({
  name,
  get attributes() {
    return scope.attributesOf(raw);
  },
});

/** Turns the parser's events into units. */
class UnitReader {
  readonly #options: Options;
  readonly #parser: Parser;
  readonly #path: string[] = [];
  readonly #around: XmlSurrounding[] = [];
  readonly #scopes: Scope[] = [];
  #scope: Scope;
  /** From the unit's element down; empty outside of units. */
  readonly #open: OpenElement[] = [];
  #nodes = 0;
  #hasEnded = false;
  #units: XmlUnit[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#scope = new Scope(options.prefixes ?? {}, new Map());
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => this.#onOpen(name, attributes),
        onclosetag: () => this.#onClose(),
        ontext: (text) => this.#onText(text),
      },
      { xmlMode: true, decodeEntities: true },
    );
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): void {
    this.#hasEnded = true;
    this.#parser.end();
  }

  take(): readonly XmlUnit[] {
    const units = this.#units;
    this.#units = [];
    return units;
  }

  #onOpen(rawName: string, rawAttributes: Record<string, string>): void {
    this.#scopes.push(this.#scope);
    this.#scope = this.#scope.within(rawAttributes);
    if (this.#scopes.length > MAX_DEPTH) {
      throw refuse('too_deep', `${naming(this.#options.part)} is nested deeper than ${MAX_DEPTH} levels.`);
    }
    const name = this.#scope.nameOf(rawName);
    const isInside = this.#open.length > 0;
    if (isInside || (this.#options.isUnit ?? (() => true))(name, this.#path)) {
      if (!isInside) this.#nodes = 0;
      this.#count();
      this.#open.push({ name, attributes: this.#scope.attributesOf(rawAttributes), children: [] });
    } else {
      this.#path.push(name);
      this.#around.push(surrounding(name, rawAttributes, this.#scope));
    }
  }

  #onClose(): void {
    if (this.#hasEnded && this.#options.allowTruncated === undefined) {
      throw refuse(
        'malformed',
        `${naming(this.#options.part)} breaks off: it was not written or uploaded whole.`,
      );
    }
    this.#scope = this.#scopes.pop() ?? this.#scope;
    const element = this.#open.pop();
    if (element === undefined) {
      this.#path.pop();
      this.#around.pop();
      return;
    }
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#units.push({ element, around: [...this.#around] });
    else parent.children.push(element);
  }

  #onText(text: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined) return;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else {
      this.#count();
      children.push(text);
    }
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) {
      throw refuse(
        'too_large',
        `${naming(this.#options.part)} has one element of more than ${MAX_NODES} parts. Split it.`,
      );
    }
  }
}

/** Which prefix means which namespace at one place, with the names that were looked up already. */
class Scope {
  readonly #prefixes: Prefixes;
  readonly #declared: ReadonlyMap<string, string>;
  readonly #names = new Map<string, string>();

  constructor(prefixes: Prefixes, declared: ReadonlyMap<string, string>) {
    this.#prefixes = prefixes;
    this.#declared = declared;
  }

  within(attributes: Readonly<Record<string, string>>): Scope {
    let declared: Map<string, string> | undefined;
    // The parser's own objects, one an element: no list is made of each.
    for (const name in attributes) {
      if (!name.startsWith('xmlns') || (name.length > 5 && name[5] !== ':')) continue;
      declared ??= new Map(this.#declared);
      declared.set(name.slice(6), attributes[name] ?? '');
    }
    return declared === undefined ? this : new Scope(this.#prefixes, declared);
  }

  nameOf(raw: string): string {
    return this.#resolve(raw, true);
  }

  attributesOf(raw: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const attributes: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(raw)) {
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) attributes[this.#resolve(name, false)] = value;
    }
    return attributes;
  }

  /** An attribute without a prefix is in no namespace; an element is in the default one. */
  #resolve(raw: string, isElement: boolean): string {
    const colon = raw.indexOf(':');
    if (colon < 0 && !isElement) return raw;
    const known = this.#names.get(raw);
    if (known !== undefined) return known;
    const namespace = this.#declared.get(colon < 0 ? '' : raw.slice(0, colon));
    const prefix = namespace === undefined ? undefined : this.#prefixes[namespace];
    const local = raw.slice(colon + 1);
    const name = prefix === undefined ? raw : prefix === '' ? local : `${prefix}:${local}`;
    this.#names.set(raw, name);
    return name;
  }
}

export const isElement = (node: XmlNode): node is XmlElement => typeof node !== 'string';

export const elementsOf = (element: XmlElement): readonly XmlElement[] => element.children.filter(isElement);

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element === undefined ? undefined : elementsOf(element).find((child) => child.name === name);

/** The child of the child …: undefined where one is missing. */
export const childAt = (
  element: XmlElement | undefined,
  ...names: readonly string[]
): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>((found, name) => childOf(found, name), element);

/** All elements of these names below, in document order; not looking into those found. */
export function* descendantsOf(element: XmlElement, ...names: readonly string[]): Iterable<XmlElement> {
  for (const child of elementsOf(element)) {
    if (names.includes(child.name)) yield child;
    else yield* descendantsOf(child, ...names);
  }
}

/** All text below, as it stands. */
export const textOf = (node: XmlNode): string =>
  isElement(node) ? node.children.map(textOf).join('') : node;
