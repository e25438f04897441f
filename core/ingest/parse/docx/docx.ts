import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { OfficePackage, partsOf, type Relationships } from '../office/package.ts';
import { embeddedParts } from '../office/parts.ts';
import { elementsOf, type XmlElement } from '../xml.ts';
import { type BodyContext, BodyReader } from './body.ts';
import { type NoteReference, readComments } from './inline.ts';
import { Numbering, numeral } from './numbering.ts';
import { Styles } from './styles.ts';

/**
 * A Word document (WordprocessingML, ECMA-376-1, 17) in the order of its text: what pages repeat at their top first, what
 * they repeat at their foot last, each once. The body is read paragraph by paragraph, so its length costs no memory.
 */
export async function* parseDocx(
  bytes: Uint8Array<ArrayBuffer>,
  readInner: ReadInner,
): AsyncGenerator<Draft> {
  const office = new OfficePackage(bytes);
  const main = await office.mainPart('word/document.xml');
  const relationships = await office.relationshipsOf(main);
  const rootOf = async (type: string): Promise<XmlElement | undefined> => {
    const [part] = partsOf(relationships, type);
    return part === undefined ? undefined : await office.root(part);
  };
  const styles = new Styles(await rootOf('styles'));
  const shared = {
    styles,
    numbering: new Numbering(await rootOf('numbering'), styles),
    comments: readComments(await rootOf('comments')),
    notes: new Map([
      ...notesIn(await rootOf('footnotes'), 'footnote'),
      ...notesIn(await rootOf('endnotes'), 'endnote'),
    ]),
    markOf: noteCounter(),
  };
  const contextOf = async (own: Relationships): Promise<BodyContext> => ({
    ...shared,
    relationships: own,
    parts: await embeddedParts(office, own, readInner),
  });
  const repeated = async (type: string) => {
    const said = new Set<string>();
    const drafts: Draft[] = [];
    for (const part of partsOf(relationships, type)) {
      const root = await office.root(part);
      if (root === undefined) continue;
      for (const draft of new BodyReader(await contextOf(await office.relationshipsOf(part)), true).all(
        root,
      )) {
        if (isPageNumber(draft.text) || said.has(draft.text)) continue;
        said.add(draft.text);
        drafts.push(draft);
      }
    }
    return drafts;
  };
  yield* await repeated('header');
  const body = new BodyReader(await contextOf(relationships));
  for await (const { element } of office.units(main, isUnit)) yield* body.read(element);
  yield* body.end();
  yield* await repeated('footer');
}

const units = new Set(['w:p', 'w:tbl', 'w:altChunk', 'm:oMathPara']);
const gone = new Set(['w:del', 'w:moveFrom', 'mc:Fallback']);

const isUnit = (name: string, path: readonly string[]): boolean =>
  units.has(name) && !path.some((around) => gone.has(around));

/** The separator lines above notes are notes to Word, with a type. */
function* notesIn(
  root: XmlElement | undefined,
  kind: NoteReference['kind'],
): Iterable<readonly [string, XmlElement]> {
  for (const note of root === undefined ? [] : elementsOf(root)) {
    const { 'w:id': id, 'w:type': type = 'normal' } = note.attributes;
    if (id !== undefined && type === 'normal') yield [`${kind}:${id}`, note];
  }
}

/** Word's own marks: footnotes by figures, endnotes by small Roman numbers. */
function noteCounter(): (kind: NoteReference['kind']) => string {
  const counted = { footnote: 0, endnote: 0 };
  return (kind) => {
    counted[kind] += 1;
    return numeral(counted[kind], kind === 'footnote' ? 'decimal' : 'lowerRoman');
  };
}

/** What is left of "Page 3 of 12" without its numbers, in some languages. */
const isPageNumber = (text: string): boolean =>
  /^[\s\d/|–—.-]*(?:(?:page|seite|pagina|página|p\.|s\.|стр\.)[\s\d]*)?(?:(?:of|von|sur|de|di|van|из|\/)[\s\d]*)?[\s\d/|–—.-]*$/i.test(
    text,
  );
