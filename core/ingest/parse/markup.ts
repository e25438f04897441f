import type { Draft } from '../block.ts';
import { parseHtml } from './html.ts';
import { tableBlocks } from './table.ts';
import { childOf, descendantsOf, elementsOf, isElement, readXml, textOf, type XmlElement } from './xml.ts';

/** Below this a document is read whole, so that its structure can be looked at; above it, child by child of its root. */
const WHOLE_BYTES = 4 * 1024 * 1024;

/**
 * XML by its structure, whatever its names mean: feeds as their entries, drawings as their words, texts (DocBook, JATS, TEI,
 * DITA) as sections, data as records whose fields are named.
 */
export async function* parseMarkup(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Draft> {
  const isWhole = bytes.byteLength <= WHOLE_BYTES;
  const isUnit = (_name: string, path: readonly string[]) => isWhole || path.length === 1;
  for await (const { element } of readXml(bytes, { isUnit })) yield* rootBlocks(element);
}

const localName = ({ name }: XmlElement): string => name.slice(name.indexOf(':') + 1).toLowerCase();

function* rootBlocks(root: XmlElement): Iterable<Draft> {
  const name = localName(root);
  if (name === 'rss' || name === 'rdf' || name === 'feed' || name === 'channel') yield* feedBlocks(root);
  else if (name === 'svg') yield* drawingBlocks(root);
  else if (name === 'html') yield* parseHtml(serialised(root));
  else yield* blocksOf(root, 1);
}

// Feeds

function* feedBlocks(root: XmlElement): Iterable<Draft> {
  const channel = elementsOf(root).find((one) => localName(one) === 'channel') ?? root;
  const about = (element: XmlElement, name: string): string => {
    const found = elementsOf(element).find((one) => localName(one) === name);
    return found === undefined ? '' : squeeze(textOf(found));
  };
  const title = about(channel, 'title');
  if (title !== '') yield { text: title, block: 'heading', level: 1 };
  yield { text: about(channel, 'description') || about(channel, 'subtitle'), block: 'paragraph' };
  const entries = [...elementsOf(channel), ...(channel === root ? [] : elementsOf(root))];
  for (const entry of entries.filter((one) => /^(?:item|entry)$/.test(localName(one)))) {
    yield { text: plainHtml(about(entry, 'title')), block: 'heading', level: 2 };
    const link = elementsOf(entry).find((one) => localName(one) === 'link');
    const facts = [
      about(entry, 'pubdate') || about(entry, 'published') || about(entry, 'updated') || about(entry, 'date'),
      about(entry, 'creator') || about(entry, 'author'),
      link === undefined ? '' : (link.attributes.href ?? squeeze(textOf(link))),
    ].filter((fact) => fact !== '');
    yield { text: facts.join(' · '), block: 'paragraph' };
    const content =
      elementsOf(entry).find(
        (one) => /^(?:encoded|content)$/.test(localName(one)) && textOf(one).trim() !== '',
      ) ?? elementsOf(entry).find((one) => /^(?:description|summary)$/.test(localName(one)));
    if (content === undefined) continue;
    const html = content.children.some(isElement) ? serialised(content) : textOf(content);
    for (const draft of parseHtml(html, { whole: true })) {
      yield draft.level === undefined ? draft : { ...draft, level: draft.level + 2 };
    }
  }
}

const plainHtml = (text: string): string =>
  [...parseHtml(text, { whole: true })].map((draft) => draft.text).join(' ');

// Drawings

function* drawingBlocks(root: XmlElement): Iterable<Draft> {
  for (const found of descendantsOf(
    root,
    'title',
    'desc',
    'text',
    'svg:title',
    'svg:desc',
    'svg:text',
    'foreignObject',
  )) {
    const text = squeeze(spaced(found));
    if (text === '') continue;
    yield localName(found) === 'title' && childOf(root, found.name) === found
      ? { text, block: 'heading', level: 1 }
      : { text, block: localName(found) === 'text' ? 'paragraph' : 'figure' };
  }
}

// Documents and data

const titles = /^(?:title|head|heading|subtitle|h[1-6])$/;
const prose =
  /^(?:p|para|simpara|paragraph|abstract|note|warning|tip|caution|important|quote|blockquote|lg|ab)$/;
const lists = /^(?:ul|ol|list|itemizedlist|orderedlist|simplelist|variablelist|deflist|steps|sl|dl)$/;
const codes = /^(?:programlisting|screen|code|codeblock|pre|listing|literallayout|source)$/;
const sections =
  /^(?:sec|section|sect\d|chapter|part|body|div\d?|appendix|article|book|topic|text|front|back|concept|task|reference|conbody|taskbody|refbody)$/;
/** For machines. */
const skipped =
  /^(?:script|style|metadata|processing-meta|permissions|journal-meta|alternatives|colspec|indexterm)$/;

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Text with room between elements, unless one continues a word. */
const spaced = (element: XmlElement): string =>
  element.children
    .map((child) => (isElement(child) ? (isMixed(element) ? spaced(child) : ` ${spaced(child)} `) : child))
    .join('');

/** Whether words stand beside elements: then these are parts of a sentence. */
const isMixed = (element: XmlElement): boolean =>
  element.children.some((child) => !isElement(child) && child.trim() !== '') &&
  element.children.some(isElement);

const isLeaf = (element: XmlElement): boolean => !element.children.some(isElement);

/** Fields and no text: every child is a leaf or a mixed one, and none has the name of a part of a text. */
const isRecord = (element: XmlElement): boolean => {
  const children = elementsOf(element);
  if (isMixed(element) || children.some((one) => prose.test(localName(one)) || sections.test(localName(one))))
    return false;
  if (children.length === 0) return Object.keys(ownAttributes(element)).length > 1;
  return children.length > 1 && children.every(isLeaf);
};

const ownAttributes = ({ attributes }: XmlElement): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      ([name, value]) => !/^(?:xml|xsi|xlink):|^(?:class|style)$/.test(name) && value !== '',
    ),
  );

function* blocksOf(element: XmlElement, level: number): Iterable<Draft> {
  const name = localName(element);
  if (skipped.test(name)) return;
  if (codes.test(name)) yield { text: textOf(element), block: 'code' };
  else if (lists.test(name)) yield { text: [...listLines(element, 0)].join('\n'), block: 'list' };
  else if (/^(?:table|informaltable|tgroup|table-wrap)$/.test(name)) yield* markupTable(element, level);
  else if (prose.test(name) || isMixed(element)) yield* proseBlocks(element, level);
  else if (isLeaf(element)) yield* leafBlocks(element);
  else if (isRecord(element)) yield { text: recordLines(element).join('\n'), block: 'paragraph' };
  else yield* childBlocks(element, level);
}

function* childBlocks(element: XmlElement, level: number): Iterable<Draft> {
  const facts = Object.entries(ownAttributes(element)).filter(
    ([name]) => !/^(?:id|version|lang|dtd-version|article-type)$/i.test(name),
  );
  if (facts.length > 0)
    yield { text: facts.map(([name, value]) => `${name}: ${value}`).join('\n'), block: 'paragraph' };
  const children = elementsOf(element);
  let inner = level;
  for (let at = 0; at < children.length; at += 1) {
    const child = children[at];
    if (child === undefined) continue;
    const name = localName(child);
    if (titles.test(name)) {
      yield { text: squeeze(textOf(child)), block: 'heading', level };
      inner = level + 1;
      continue;
    }
    const alike = alikeFrom(children, at);
    if (alike.length > 1) {
      yield* recordTable(alike);
      at += alike.length - 1;
    } else {
      yield* blocksOf(child, inner);
    }
  }
}

/** Records of one name in a row. */
function alikeFrom(children: readonly XmlElement[], at: number): readonly XmlElement[] {
  const first = children[at];
  let end = at;
  while (first !== undefined && children[end]?.name === first.name && isRecord(children[end] ?? first))
    end += 1;
  return children.slice(at, end);
}

function* proseBlocks(element: XmlElement, level: number): Iterable<Draft> {
  const isBlock = (child: XmlElement) =>
    lists.test(localName(child)) ||
    codes.test(localName(child)) ||
    prose.test(localName(child)) ||
    localName(child) === 'table';
  let words = '';
  for (const child of element.children) {
    if (isElement(child) && isBlock(child)) {
      yield { text: squeeze(words), block: 'paragraph' };
      words = '';
      yield* blocksOf(child, level);
    } else words += isElement(child) ? spaced(child) : child;
  }
  yield { text: squeeze(words), block: 'paragraph' };
}

function* leafBlocks(element: XmlElement): Iterable<Draft> {
  const text = squeeze(textOf(element));
  const facts = Object.entries(ownAttributes(element)).map(([name, value]) => `${name}: ${value}`);
  if (text === '' && facts.length === 0) return;
  const named = text === '' ? element.name : `${element.name}: ${text}`;
  yield { text: facts.length === 0 ? named : `${named} (${facts.join(', ')})`, block: 'paragraph' };
}

const fieldsOf = (record: XmlElement): readonly (readonly [string, string])[] => [
  ...Object.entries(ownAttributes(record)),
  ...elementsOf(record).map((child): readonly [string, string] => [child.name, fieldText(child)]),
  ...(isLeaf(record) && textOf(record).trim() !== '' ? [['text', squeeze(textOf(record))] as const] : []),
];

const fieldText = (field: XmlElement): string =>
  [
    squeeze(textOf(field)),
    ...Object.entries(ownAttributes(field)).map(([name, value]) => `${name}: ${value}`),
  ]
    .filter((part) => part !== '')
    .join(', ');

const recordLines = (record: XmlElement): readonly string[] =>
  fieldsOf(record).map(([name, value]) => `${name}: ${value}`);

function* recordTable(records: readonly XmlElement[]): Iterable<Draft> {
  const fields = records.map(fieldsOf);
  const names = [...new Set(fields.flatMap((own) => own.map(([name]) => name)))];
  const rows = fields.map((own) =>
    names.map((name) =>
      own
        .filter(([field]) => field === name)
        .map(([, value]) => value)
        .join(', '),
    ),
  );
  yield* tableBlocks({ rows: [names, ...rows], headerRows: 1, records: true });
}

function* listLines(list: XmlElement, depth: number): Iterable<string> {
  const isOrdered =
    /^(?:ol|orderedlist|steps)$/.test(localName(list)) || list.attributes['list-type'] === 'order';
  let count = 0;
  for (const item of elementsOf(list)) {
    const inner = [...descendantsOf(item, ...elementsOf(item).map(({ name }) => name))].filter((one) =>
      lists.test(localName(one)),
    );
    const words = squeeze(
      item.children
        .filter((child) => !isElement(child) || !inner.includes(child))
        .map((child) => (isElement(child) ? ` ${spaced(child)} ` : child))
        .join(''),
    );
    if (words !== '') {
      count += 1;
      yield `${'  '.repeat(depth)}${isOrdered ? `${count}.` : '-'} ${words}`;
    }
    for (const one of inner) yield* listLines(one, depth + 1);
  }
}

/** HTML's model of tables, and that of CALS: rows of entries. */
function* markupTable(element: XmlElement, level: number): Iterable<Draft> {
  for (const caption of descendantsOf(element, 'caption', 'title', 'label'))
    yield { text: squeeze(spaced(caption)), block: 'paragraph' };
  const isRow = (one: XmlElement) => localName(one) === 'tr' || localName(one) === 'row';
  const rows: { readonly cells: readonly XmlElement[]; readonly isHeader: boolean }[] = [];
  const walk = (parent: XmlElement, isHeader: boolean): void => {
    for (const child of elementsOf(parent)) {
      if (isRow(child))
        rows.push({
          cells: elementsOf(child),
          isHeader: isHeader || elementsOf(child).every((one) => localName(one) === 'th'),
        });
      else walk(child, isHeader || localName(child) === 'thead');
    }
  };
  walk(element, false);
  if (rows.length === 0) {
    yield* childBlocks(element, level);
    return;
  }
  const headed = rows.findIndex(({ isHeader }) => !isHeader);
  const span = (one: XmlElement, ...names: readonly string[]) =>
    Number(names.map((name) => one.attributes[name]).find((value) => value !== undefined) ?? 1) || 1;
  yield* tableBlocks({
    rows: rows.map(({ cells }) =>
      cells.map((one) => ({
        text: squeeze(spaced(one)),
        columnSpan: span(one, 'colspan'),
        rowSpan: one.attributes.morerows === undefined ? span(one, 'rowspan') : span(one, 'morerows') + 1,
      })),
    ),
    headerRows: headed < 0 ? rows.length : headed,
  });
}

/** Elements as HTML again, for the reader of pages. */
function serialised(element: XmlElement): string {
  return element.children
    .map((child) =>
      isElement(child)
        ? `<${child.name}${attributesText(child)}>${serialised(child)}</${child.name}>`
        : escaped(child),
    )
    .join('');
}

const attributesText = ({ attributes }: XmlElement): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`)
    .join('');

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
