import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { drawingBlocks } from '../office/drawing.ts';
import { OfficePackage, partsOf, type Relationships } from '../office/package.ts';
import { childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { CellFormats } from './cell-formats.ts';
import { placeOf, type Range, rangeOf } from './place.ts';
import { readSharedStrings } from './shared-strings.ts';
import { SheetReader } from './sheet.ts';

/**
 * A workbook (SpreadsheetML, ECMA-376-1, 18): every sheet that can be seen, under a heading with its name, with values as they
 * are shown. Sheets are read row by row. What is hidden is not read, as in every format, and a remark names it.
 */
export async function* parseXlsx(
  bytes: Uint8Array<ArrayBuffer>,
  readInner: ReadInner,
): AsyncGenerator<Draft> {
  const office = new OfficePackage(bytes);
  const main = await office.mainPart('xl/workbook.xml');
  const workbook = await office.root(main);
  const relationships = await office.relationshipsOf(main);
  const countsFrom1904 = ['1', 'true'].includes(childOf(workbook, 'x:workbookPr')?.attributes.date1904 ?? '');
  const [styles] = partsOf(relationships, 'styles');
  const [strings] = partsOf(relationships, 'sharedStrings');
  const formats = new CellFormats(
    styles === undefined ? undefined : await office.root(styles),
    countsFrom1904,
  );
  const shared = await readSharedStrings(office, strings);
  const people = await readPeople(office, relationships);
  const sheets = sheetsOf(workbook, relationships);
  const hidden = sheets.filter(({ isHidden }) => isHidden).map(({ name }) => `'${name}'`);
  let remarks =
    hidden.length === 0 ? [] : [`Not read: ${hidden.length} hidden sheet(s), ${hidden.join(', ')}`];
  for (const { name, part } of sheets.filter(({ isHidden }) => !isHidden)) {
    const own = await office.relationshipsOf(part);
    const reader = new SheetReader(office, part, {
      strings: shared,
      formats,
      relationships: own,
      notes: await readNotes(office, own, people),
      tables: await readTables(office, own),
    });
    // The last block waits for what there is to say of the sheet.
    let last: Draft = { text: name, block: 'heading', level: 1 };
    for await (const draft of reader.blocks()) {
      yield last;
      last = draft;
    }
    for await (const draft of drawingBlocks(office, own, readInner)) {
      yield last;
      last = draft;
    }
    remarks = [...remarks, ...reader.remarks.map((remark) => `On sheet '${name}', ${remark}`)];
    yield remarks.length === 0 ? last : { ...last, remark: `${remarks.join('. ')}.` };
    remarks = [];
  }
}

interface Sheet {
  readonly name: string;
  readonly part: string;
  readonly isHidden: boolean;
}

function sheetsOf(workbook: XmlElement | undefined, relationships: Relationships): readonly Sheet[] {
  const list = childOf(workbook, 'x:sheets');
  return (list === undefined ? [] : elementsOf(list)).flatMap(({ attributes }) => {
    const part = relationships.get(attributes['r:id'] ?? '')?.target;
    const isHidden = (attributes.state ?? 'visible') !== 'visible';
    return part === undefined ? [] : [{ name: attributes.name ?? '', part, isHidden }];
  });
}

/** Names of those who wrote comments, by id. */
async function readPeople(
  office: OfficePackage,
  relationships: Relationships,
): Promise<ReadonlyMap<string, string>> {
  const people = new Map<string, string>();
  for (const part of partsOf(relationships, 'person')) {
    const root = await office.root(part);
    for (const person of root === undefined ? [] : elementsOf(root)) {
      people.set(person.attributes.id ?? '', person.attributes.displayName ?? '');
    }
  }
  return people;
}

/** Notes of both ages: Excel repeats its newer comments as old ones, with a text that says so. */
async function readNotes(
  office: OfficePackage,
  relationships: Relationships,
  people: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const notes = new Map<string, string>();
  const add = (reference: string | undefined, author: string, text: string) => {
    const place = placeOf(reference);
    const words = text.replace(/\s+/g, ' ').trim();
    if (place === undefined || words === '') return;
    const key = `${place.row},${place.column}`;
    notes.set(key, `${notes.get(key) ?? ''} [Note${author === '' ? '' : ` by ${author}`}: ${words}]`);
  };
  for (const part of partsOf(relationships, 'comments')) {
    const root = await office.root(part);
    const authors = elementsOf(childOf(root, 'x:authors') ?? empty).map(textOf);
    for (const note of elementsOf(childOf(root, 'x:commentList') ?? empty)) {
      const author = authors[Number(note.attributes.authorId)] ?? '';
      if (author.startsWith('tc=')) continue;
      const text = [...descendantsOf(childOf(note, 'x:text') ?? empty, 'x:t')].map(textOf).join('');
      // Excel writes the author's name in front of the note itself.
      add(note.attributes.ref, author, text.startsWith(`${author}:`) ? text.slice(author.length + 1) : text);
    }
  }
  for (const part of partsOf(relationships, 'threadedComment')) {
    const root = await office.root(part);
    for (const note of elementsOf(root ?? empty)) {
      add(
        note.attributes.ref,
        people.get(note.attributes.personId ?? '') ?? '',
        textOf(childOf(note, 'tc:text') ?? ''),
      );
    }
  }
  return notes;
}

const empty: XmlElement = { name: '', attributes: {}, children: [] };

async function readTables(office: OfficePackage, relationships: Relationships): Promise<readonly Range[]> {
  const ranges: Range[] = [];
  for (const part of partsOf(relationships, 'table')) {
    const root = await office.root(part);
    const range = rangeOf(root?.attributes.ref);
    if (range !== undefined && root?.attributes.headerRowCount !== '0') ranges.push(range);
  }
  return ranges;
}
