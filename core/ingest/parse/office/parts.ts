import { Failure } from '../../../failure.ts';
import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { chartBlocks } from './chart.ts';
import { diagramBlocks } from './diagram.ts';
import type { OfficePackage, Relationships } from './package.ts';

/** How many embedded documents are read: a hundred small sheets are a file of their own. */
const MAX_EMBEDDED = 50;

/**
 * What stands in the parts that a part draws: the words and figures of charts and diagrams, and documents that were put
 * in whole (chunks of HTML, embedded workbooks), each read by its own format.
 */
export async function embeddedParts(
  office: OfficePackage,
  relationships: Relationships,
  readInner: ReadInner,
): Promise<ReadonlyMap<string, readonly Draft[]>> {
  const found = new Map<string, readonly Draft[]>();
  let embedded = 0;
  for (const [id, { type, target, isExternal }] of relationships) {
    if (isExternal) continue;
    if (type === 'chart' || type === 'diagramData') {
      const root = await office.root(target);
      if (root !== undefined)
        found.set(id, [...(type === 'chart' ? chartBlocks(root) : diagramBlocks(root))]);
    } else if ((type === 'aFChunk' || type === 'package') && embedded < MAX_EMBEDDED) {
      embedded += 1;
      const bytes = await office.read(target);
      if (bytes !== undefined) found.set(id, await innerDocument(target, bytes, readInner));
    }
  }
  return found;
}

async function innerDocument(
  part: string,
  bytes: Uint8Array<ArrayBuffer>,
  readInner: ReadInner,
): Promise<readonly Draft[]> {
  const filename = part.slice(part.lastIndexOf('/') + 1);
  try {
    return await readInner({ filename, contentType: '', bytes });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const remark = `Not read: '${filename}', which stands in the document. ${error.message}`;
    return [{ text: `[${remark}]`, block: 'paragraph', remark }];
  }
}
