import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure.ts';
import { MAX_NODES } from '../limits.ts';
import { readXml, readXmlRoot, textOf, type XmlUnit } from './xml.ts';

async function unitsOf(source: Parameters<typeof readXml>[0], options: Parameters<typeof readXml>[1]) {
  const units: XmlUnit[] = [];
  for await (const unit of readXml(source, options)) units.push(unit);
  return units;
}

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'read',
    (error: unknown) => (error instanceof Failure ? error.details.reason : error),
  );

describe('XML', () => {
  test('ING-50: gives the wanted elements one by one, wherever the pieces are cut', async () => {
    const xml =
      '<?xml version="1.0"?><b:body xmlns:b="urn:b"><b:p a="1">Zürich &amp; <i>€</i></b:p><x><b:p/></x></b:body>';
    for (const size of [1, 7, 1000]) {
      const units = await unitsOf(pieces(xml, size), {
        prefixes: { 'urn:b': 'w' },
        isUnit: (name) => name === 'w:p',
      });
      expect(units.map(({ element, around }) => [textOf(element), around.map(({ name }) => name)])).toEqual([
        ['Zürich & €', ['w:body']],
        ['', ['w:body', 'x']],
      ]);
      expect(units[0]?.element.attributes.a).toBe('1');
    }
  });

  test('ING-50: a unit that is too large, too deep or breaks off is refused', async () => {
    expect(await reasonOf(readXmlRoot(`<a>${'<b/>'.repeat(MAX_NODES)}</a>`))).toBe('too_large');
    expect(await reasonOf(readXmlRoot('<a>'.repeat(100_000)))).toBe('too_deep');
    expect(await reasonOf(readXmlRoot('<a><b>text</b>'))).toBe('malformed');
    const units = await unitsOf(`<a>${'<b/>'.repeat(MAX_NODES)}</a>`, { isUnit: (name) => name === 'b' });
    expect(units.length).toBe(MAX_NODES);
  });

  test('ING-51: entities of the document itself are not replaced, be they bombs or files', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;"><!ENTITY z SYSTEM "file:///etc/passwd">]>';
    const root = await readXmlRoot(`${bomb}<a>&y; &z; &#65;&lt;</a>`);
    expect(root === undefined ? '' : textOf(root)).toBe('&y; &z; A<');
  });

  test('reads UTF-16 and declared encodings, and says when bytes are not of it', async () => {
    const utf16 = Uint8Array.from([0xff, 0xfe, ...[...'<a>é</a>'].flatMap((one) => [one.charCodeAt(0), 0])]);
    const latin = Uint8Array.from('<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>', (one) =>
      one.charCodeAt(0),
    );
    for (const bytes of [utf16, latin]) {
      const root = await readXmlRoot(bytes);
      expect(root === undefined ? '' : textOf(root)).toBe('é');
    }
    expect(await reasonOf(readXmlRoot(Uint8Array.from('<a>é</a>', (one) => one.charCodeAt(0))))).toBe(
      'malformed',
    );
  });
});
