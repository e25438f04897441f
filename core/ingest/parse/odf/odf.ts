import type { Draft } from '../../block.ts';
import { MAX_UNPACKED_BYTES, MAX_UNPACKED_FILES } from '../../limits.ts';
import { refuse } from '../../refusal.ts';
import { checkMark } from '../check-mark.ts';
import { readHtml } from '../html-tree.ts';
import { formulaIn } from '../mathml.ts';
import { tableBlocks } from '../table.ts';
import { childOf, descendantsOf, elementsOf, readXml, readXmlRoot, textOf, type XmlElement } from '../xml.ts';
import { ZipContainer } from '../zip.ts';
import { OpenDocumentBody } from './body.ts';
import { openDocumentPrefixes } from './names.ts';
import { SheetsReader } from './sheets.ts';
import { slideBlocks } from './slides.ts';
import { OpenDocumentStyles } from './styles.ts';
import type { EmbeddedObject, TextContext } from './text.ts';

const CONTENT = 'content.xml';

/** A text, spreadsheet or presentation of LibreOffice and others (OpenDocument 1.3), part by part of its content. */
export async function* parseOpenDocument(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Draft> {
  const container = new ZipContainer(bytes, { bytes: MAX_UNPACKED_BYTES, files: MAX_UNPACKED_FILES });
  const root = (part: string) =>
    readXmlRoot(container.stream(part), { prefixes: openDocumentPrefixes, part });
  const manifest = await readXmlRoot(container.stream('META-INF/manifest.xml'), {
    part: 'META-INF/manifest.xml',
  });
  if (manifest !== undefined && isEncrypted(manifest)) {
    throw refuse('encrypted', 'The document is protected by a password: take it off, and upload it again.');
  }
  const styles = new OpenDocumentStyles();
  const stylesRoot = await root('styles.xml');
  if (stylesRoot !== undefined) for (const one of descendantsOf(stylesRoot, ...styleNames)) styles.add(one);
  const controls = new Map<string, string>();
  const context: TextContext = { styles, objects: await readObjects(container), controls };
  const repeated = stylesRoot === undefined ? { headers: [], footers: [] } : pageRepeats(stylesRoot, context);
  yield* repeated.headers;
  const body = new OpenDocumentBody(context);
  const sheets = new SheetsReader(context);
  const hidden: number[] = [];
  let page = 0;
  let last: Draft | null = null;
  const later = function* (draft: Draft): Iterable<Draft> {
    if (last !== null) yield last;
    last = draft;
  };
  for await (const unit of readXml(container.stream(CONTENT), {
    prefixes: openDocumentPrefixes,
    part: CONTENT,
    isUnit,
  })) {
    const { element, around } = unit;
    if (styleNames.includes(element.name)) {
      styles.add(element);
    } else if (element.name.startsWith('form:')) {
      controls.set(element.attributes['form:id'] ?? element.attributes['xml:id'] ?? '', stateOf(element));
    } else if (element.name === 'draw:page') {
      page += 1;
      const style = element.attributes['draw:style-name'];
      if (styles.property('drawing-page', style, 'drawing-page', 'presentation:visibility') === 'hidden')
        hidden.push(page);
      else for (const draft of slideBlocks(element, context)) yield* later({ ...draft, page });
    } else if (around.some(({ name }) => name === 'office:spreadsheet')) {
      for (const draft of sheets.read(unit)) yield* later(draft);
    } else {
      for (const draft of body.read(element)) yield* later(draft);
    }
  }
  for (const draft of [...sheets.end(), ...body.end()]) yield* later(draft);
  const remark =
    hidden.length === 0 ? sheets.remark : `Not read: ${hidden.length} hidden slide(s), ${hidden.join(', ')}.`;
  if (last !== null) yield remark === undefined ? last : { ...(last as Draft), remark };
  yield* repeated.footers;
}

const styleNames = ['style:style', 'text:list-style', 'text:outline-style'];
const textUnits = new Set([
  'text:h',
  'text:p',
  'text:list',
  'table:table',
  'draw:frame',
  'draw:custom-shape',
  'draw:rect',
  'draw:g',
]);
const sheetUnits = new Set([
  'table:table-row',
  'table:table-column',
  'draw:frame',
  'draw:custom-shape',
  'draw:g',
]);
const controlUnits = new Set([
  'form:checkbox',
  'form:radio',
  'form:text',
  'form:textarea',
  'form:formatted-text',
  'form:number',
  'form:date',
  'form:listbox',
  'form:combobox',
]);

function isUnit(name: string, path: readonly string[]): boolean {
  if (path.includes('text:tracked-changes')) return false;
  if (path.includes('office:forms')) return controlUnits.has(name);
  if (path.includes('office:spreadsheet')) return sheetUnits.has(name);
  if (path.includes('office:text')) return textUnits.has(name);
  if (path.includes('office:presentation')) return name === 'draw:page';
  return styleNames.includes(name);
}

function stateOf({ name, attributes, children }: XmlElement): string {
  if (name === 'form:checkbox' || name === 'form:radio') {
    const state = attributes['form:current-state'] ?? attributes['form:state'] ?? attributes['form:selected'];
    const isOn = state === 'checked' || state === 'true';
    return `${checkMark(isOn, name === 'form:radio' ? 'choice' : 'box')}${attributes['form:label'] ?? ''}`;
  }
  if (name === 'form:listbox') {
    const chosen = children.flatMap((child) =>
      typeof child !== 'string' &&
      (child.attributes['form:current-selected'] ?? child.attributes['form:selected']) === 'true'
        ? [child.attributes['form:label'] ?? '']
        : [],
    );
    return chosen.join(', ');
  }
  return attributes['form:current-value'] ?? attributes['form:value'] ?? '';
}

const isEncrypted = (manifest: XmlElement): boolean =>
  [...elementsOf(manifest)].some((entry) =>
    elementsOf(entry).some(({ name }) => name.endsWith('encryption-data')),
  );

/** Headers and footers of page styles, each text once. */
function pageRepeats(root: XmlElement, context: TextContext) {
  const said = new Set<string>();
  const read = (name: string): readonly Draft[] => {
    const drafts: Draft[] = [];
    for (const part of descendantsOf(root, `style:${name}`, `style:${name}-left`, `style:${name}-first`)) {
      for (const draft of new OpenDocumentBody(context).all(part)) {
        const words = draft.text.replace(/[\d\s/|–—-]|page|seite|of|von/gi, '');
        if (words === '' || said.has(draft.text)) continue;
        said.add(draft.text);
        drafts.push(draft);
      }
    }
    return drafts;
  };
  return { headers: read('header'), footers: read('footer') };
}

/** Formulas and charts are small documents in the container. */
async function readObjects(container: ZipContainer): Promise<ReadonlyMap<string, EmbeddedObject>> {
  const objects = new Map<string, EmbeddedObject>();
  for (const name of container.names) {
    const [, folder] = /^([^/]+)\/content\.xml$/.exec(name) ?? [];
    if (folder === undefined) continue;
    const bytes = await container.read(name);
    const xml = new TextDecoder().decode(bytes);
    if (/<(?:\w+:)?math[\s>]/.test(xml.slice(0, 2_000))) {
      objects.set(folder, {
        formula: formulaIn(readHtml(xml.replace(/^<\?xml[^>]*\?>|<!DOCTYPE[^>]*>/g, ''))),
      });
      continue;
    }
    const root = await readXmlRoot(xml, { prefixes: openDocumentPrefixes, part: name });
    const [chart] = root === undefined ? [] : descendantsOf(root, 'chart:chart');
    if (chart !== undefined) objects.set(folder, { blocks: [...chartBlocks(chart)] });
  }
  return objects;
}

function* chartBlocks(chart: XmlElement): Iterable<Draft> {
  const title = textOf(childOf(chart, 'chart:title') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  yield { text: title === '' ? 'Chart' : `Chart: ${title}`, block: 'figure' };
  for (const table of descendantsOf(chart, 'table:table')) {
    const rows = [...descendantsOf(table, 'table:table-row')].map((row) =>
      elementsOf(row).map((cell) => textOf(cell).trim()),
    );
    yield* tableBlocks({ rows, headerRows: 1 });
  }
}
