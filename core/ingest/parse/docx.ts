/// <reference path="./mammoth.d.ts" />
import type { Draft } from '../block.ts';
import { MAX_DEPTH, MAX_UNPACKED_BYTES, MAX_UNPACKED_FILES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { parseHtml } from './html.ts';
import { ZipContainer } from './zip.ts';

/** Word documents become simple HTML (mammoth) and then take the road of every HTML page. */
export async function parseDocx(bytes: Uint8Array<ArrayBuffer>): Promise<Iterable<Draft>> {
  const container = new ZipContainer(bytes, { bytes: MAX_UNPACKED_BYTES, files: MAX_UNPACKED_FILES });
  const document = await container.read('word/document.xml');
  if (document === undefined) throw refuse('malformed', 'The file is not a Word document.');
  refuseDeepXml(document);
  const buffer = bytes.slice().buffer;
  // Loaded here, because it is a quarter of what a Worker does at a cold start, and few requests read a document.
  const { default: mammoth } = await import('mammoth/mammoth.browser.js');
  try {
    const { value } = await mammoth.convertToHtml(
      { arrayBuffer: buffer },
      { convertImage: mammoth.images.imgElement(async () => ({ src: '' })) },
    );
    return parseHtml(value);
  } catch (cause) {
    throw refuse('malformed', 'The Word document cannot be read; its parts are damaged.', cause);
  }
}

/** mammoth walks the tree by recursion, so a document nested a million deep must not reach it. */
function refuseDeepXml(xml: Uint8Array): void {
  let depth = 0;
  for (let at = 0; at < xml.length - 1; at += 1) {
    if (xml[at] !== 0x3c) continue;
    const next = xml[at + 1];
    if (next === 0x2f) depth -= 1;
    else if (next !== 0x3f && next !== 0x21) {
      const end = xml.indexOf(0x3e, at);
      if (end < 0) return;
      if (xml[end - 1] !== 0x2f) depth += 1;
      at = end;
    }
    if (depth > MAX_DEPTH)
      throw refuse('too_deep', `The document is nested deeper than ${MAX_DEPTH} levels.`);
  }
}
