import { MAX_UNPACKED_BYTES, MAX_UNPACKED_FILES } from '../../limits.ts';
import { childOf, elementsOf, readXml, readXmlRoot, type XmlElement, type XmlUnit } from '../xml.ts';
import { ZipContainer } from '../zip.ts';

/** Names of a Word, Excel or PowerPoint file, in both editions of ECMA-376: transitional and strict. */
const office = (name: string, prefix: string): readonly (readonly [string, string])[] => [
  [`http://schemas.openxmlformats.org/${name}/2006/main`, prefix],
  [`http://purl.oclc.org/ooxml/${name}/main`, prefix],
];

export const officePrefixes: Readonly<Record<string, string>> = Object.fromEntries([
  ...office('wordprocessingml', 'w'),
  ...office('spreadsheetml', 'x'),
  ...office('presentationml', 'p'),
  ...office('drawingml', 'a'),
  ['http://schemas.openxmlformats.org/officeDocument/2006/math', 'm'],
  ['http://purl.oclc.org/ooxml/officeDocument/math', 'm'],
  ['http://schemas.openxmlformats.org/officeDocument/2006/relationships', 'r'],
  ['http://purl.oclc.org/ooxml/officeDocument/relationships', 'r'],
  ['http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing', 'wp'],
  ['http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing', 'wp'],
  ['http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing', 'xdr'],
  ['http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing', 'xdr'],
  ['http://schemas.openxmlformats.org/drawingml/2006/picture', 'pic'],
  ['http://purl.oclc.org/ooxml/drawingml/picture', 'pic'],
  ['http://schemas.openxmlformats.org/drawingml/2006/chart', 'c'],
  ['http://purl.oclc.org/ooxml/drawingml/chart', 'c'],
  ['http://schemas.openxmlformats.org/drawingml/2006/diagram', 'dgm'],
  ['http://purl.oclc.org/ooxml/drawingml/diagram', 'dgm'],
  ['http://schemas.openxmlformats.org/markup-compatibility/2006', 'mc'],
  ['http://schemas.microsoft.com/office/word/2010/wordml', 'w14'],
  ['http://schemas.microsoft.com/office/word/2010/wordprocessingShape', 'wps'],
  ['http://schemas.microsoft.com/office/drawing/2010/main', 'a14'],
  ['http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments', 'tc'],
  ['urn:schemas-microsoft-com:vml', 'v'],
  ['urn:schemas-microsoft-com:office:office', 'o'],
  ['http://schemas.openxmlformats.org/package/2006/relationships', 'rel'],
  ['http://schemas.openxmlformats.org/package/2006/content-types', 'ct'],
]);

export interface Relationship {
  /** The last part of its address: 'hyperlink', 'chart', 'footnotes'. */
  readonly type: string;
  /** A part of the package, or an address outside of it. */
  readonly target: string;
  readonly isExternal: boolean;
}

/** By id. */
export type Relationships = ReadonlyMap<string, Relationship>;

/** An OPC package (ECMA-376-2): parts, and from each part named ways to others. Nothing outside of it is ever fetched. */
export class OfficePackage {
  readonly #container: ZipContainer;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#container = new ZipContainer(bytes, { bytes: MAX_UNPACKED_BYTES, files: MAX_UNPACKED_FILES });
  }

  get parts(): readonly string[] {
    return this.#container.names;
  }

  /** The part that the package is about; `usual` where its list of relationships does not say. */
  async mainPart(usual: string): Promise<string> {
    const [main] = partsOf(await this.relationshipsOf(''), 'officeDocument');
    return main !== undefined && this.#container.has(main) ? main : usual;
  }

  async relationshipsOf(part: string): Promise<Relationships> {
    const slash = part.lastIndexOf('/') + 1;
    const folder = part.slice(0, slash);
    const root = await this.root(`${folder}_rels/${part.slice(slash)}.rels`);
    const found = new Map<string, Relationship>();
    for (const one of root === undefined ? [] : elementsOf(root)) {
      const { Id: id, Target: target = '', Type: type = '', TargetMode: mode } = one.attributes;
      const isExternal = mode === 'External';
      if (id === undefined) continue;
      found.set(id, {
        type: type.slice(type.lastIndexOf('/') + 1),
        target: isExternal ? target : resolve(folder, target),
        isExternal,
      });
    }
    return found;
  }

  has(part: string): boolean {
    return this.#container.has(part);
  }

  read(part: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#container.read(part);
  }

  /** The whole of a small part; undefined where there is none. */
  root(part: string): Promise<XmlElement | undefined> {
    return readXmlRoot(this.#container.stream(part), { prefixes: officePrefixes, part });
  }

  units(part: string, isUnit: (name: string, path: readonly string[]) => boolean): AsyncGenerator<XmlUnit> {
    return readXml(this.#container.stream(part), { prefixes: officePrefixes, part, isUnit });
  }
}

export const partsOf = (relationships: Relationships, type: string): readonly string[] =>
  [...relationships.values()]
    .filter((one) => one.type === type && !one.isExternal)
    .map(({ target }) => target);

/** '../media/a.png' seen from 'word/' is 'media/a.png'. */
function resolve(folder: string, target: string): string {
  const path = target.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '');
  for (const step of target.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '' && step !== '.') path.push(step);
  }
  return path.join('/');
}

/** On and off are said in six ways, and by silence: `<w:b/>`, `w:val="0"`. */
export const isOn = (parent: XmlElement | undefined, name: string): boolean | undefined => {
  const element = childOf(parent, name);
  if (element === undefined) return undefined;
  const prefix = name.slice(0, name.indexOf(':'));
  const value = element.attributes[`${prefix}:val`] ?? element.attributes.val ?? 'true';
  return !['0', 'false', 'off', 'none'].includes(value);
};

/** The `val` attribute of a child, in its own namespace or in none. */
export const valueIn = (parent: XmlElement | undefined, name: string): string | undefined => {
  const element = childOf(parent, name);
  return element?.attributes[`${name.slice(0, name.indexOf(':'))}:val`] ?? element?.attributes.val;
};
