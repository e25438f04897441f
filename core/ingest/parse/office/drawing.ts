import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { descendantsOf } from '../xml.ts';
import { type OfficePackage, partsOf, type Relationships } from './package.ts';
import { embeddedParts } from './parts.ts';
import { shapeText } from './shape-text.ts';

/** What is drawn on a sheet: charts with their figures, diagrams, words in shapes, descriptions of pictures. */
export async function* drawingBlocks(
  office: OfficePackage,
  relationships: Relationships,
  readInner: ReadInner,
): AsyncGenerator<Draft> {
  for (const part of partsOf(relationships, 'drawing')) {
    const root = await office.root(part);
    if (root === undefined) continue;
    const parts = await embeddedParts(office, await office.relationshipsOf(part), readInner);
    for (const found of descendantsOf(root, 'c:chart', 'dgm:relIds', 'xdr:txBody', 'xdr:cNvPr')) {
      if (found.name === 'xdr:cNvPr') {
        yield { text: found.attributes.descr ?? '', block: 'figure' };
      } else if (found.name === 'xdr:txBody') {
        yield { text: shapeText(found), block: 'paragraph' };
      } else {
        yield* parts.get(found.attributes['r:id'] ?? found.attributes['r:dm'] ?? '') ?? [];
      }
    }
  }
}
