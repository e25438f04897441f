import type { Draft } from '../block.ts';
import { decodeText } from '../encoding/decode.ts';
import { MAX_UNPACKED_BYTES, MAX_UNPACKED_FILES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { parseHtml } from './html.ts';
import { childOf, descendantsOf, elementsOf, readXmlRoot, textOf, type XmlElement } from './xml.ts';
import { ZipContainer } from './zip.ts';

/** Ways to lock a book's fonts to it, which hide no text. */
const fontLocks = /idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC/;

/** A book (EPUB 3.3 and before) under its title, in the order of its spine; each chapter is an HTML page. */
export async function* parseEpub(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Draft> {
  const container = new ZipContainer(bytes, { bytes: MAX_UNPACKED_BYTES, files: MAX_UNPACKED_FILES });
  const root = (part: string) => readXmlRoot(container.stream(part), { part, prefixes });
  const locks = await root('META-INF/encryption.xml');
  if (
    locks !== undefined &&
    [...descendantsOf(locks, 'EncryptionMethod')].some(
      (one) => !fontLocks.test(one.attributes.Algorithm ?? ''),
    )
  ) {
    throw refuse(
      'encrypted',
      'The book is locked to the devices of its buyer (DRM), so its text cannot be read.',
    );
  }
  const start = await root('META-INF/container.xml');
  const [named] = start === undefined ? [] : descendantsOf(start, 'rootfile');
  const packagePart =
    named?.attributes['full-path'] ?? container.names.find((name) => name.endsWith('.opf')) ?? '';
  const book = await root(packagePart);
  if (book === undefined) throw refuse('malformed', 'The book has no list of its chapters.');
  const title = textOf(childOf(childOf(book, 'metadata'), 'dc:title') ?? '').trim();
  if (title !== '') yield { text: title, block: 'heading', level: 1 };
  for (const part of chaptersOf(book, packagePart)) {
    const chapter = await container.read(part);
    if (chapter === undefined) continue;
    // A chapter's title as the browser's window would show it is mostly the book's once more.
    const html = decodeText(chapter).replace(/<title\b.*?<\/title\s*>/is, '');
    for (const draft of parseHtml(html, { whole: true })) {
      yield draft.level === undefined || title === '' ? draft : { ...draft, level: draft.level + 1 };
    }
  }
}

const prefixes = {
  'http://www.idpf.org/2007/opf': '',
  'http://openebook.org/namespaces/oeb-package/1.0/': '',
  'urn:oasis:names:tc:opendocument:xmlns:container': '',
  'http://www.w3.org/2001/04/xmlenc#': '',
  'http://purl.org/dc/elements/1.1/': 'dc',
};

function chaptersOf(book: XmlElement, packagePart: string): readonly string[] {
  const folder = packagePart.slice(0, packagePart.lastIndexOf('/') + 1);
  const parts = new Map<string, string>();
  for (const { attributes } of elementsOf(childOf(book, 'manifest') ?? book)) {
    if (/html/.test(attributes['media-type'] ?? '') && attributes.properties !== 'nav') {
      parts.set(attributes.id ?? '', normal(`${folder}${decoded(attributes.href ?? '')}`));
    }
  }
  const spine = elementsOf(childOf(book, 'spine') ?? book).map(({ attributes }) =>
    parts.get(attributes.idref ?? ''),
  );
  return spine.filter((part) => part !== undefined);
}

const decoded = (address: string): string => {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
};

/** 'OEBPS/../text/a.xhtml' is 'text/a.xhtml'. */
const normal = (path: string): string => {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
};
