import type { Draft } from '../../block.ts';
import { childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';

/** The words of a SmartArt diagram (ECMA-376-1, 21.4), as the list that its author typed. */
export function* diagramBlocks(model: XmlElement): Iterable<Draft> {
  const texts = new Map<string, string>();
  let root: string | undefined;
  for (const point of elementsOf(childOf(model, 'dgm:ptLst') ?? model)) {
    const { modelId, type = 'node' } = point.attributes;
    if (modelId === undefined) continue;
    if (type === 'doc') root = modelId;
    const text = [...descendantsOf(childOf(point, 'dgm:t') ?? point, 'a:p')]
      .map((paragraph) => [...descendantsOf(paragraph, 'a:t')].map(textOf).join(''))
      .join(' ')
      .trim();
    if ((type === 'node' || type === 'asst') && text !== '') texts.set(modelId, text);
  }
  const below = new Map<string, { readonly id: string; readonly order: number }[]>();
  for (const link of elementsOf(childOf(model, 'dgm:cxnLst') ?? model)) {
    const { srcId, destId, srcOrd = '0', type = 'parOf' } = link.attributes;
    if (type !== 'parOf' || srcId === undefined || destId === undefined) continue;
    below.set(srcId, [...(below.get(srcId) ?? []), { id: destId, order: Number(srcOrd) }]);
  }
  const seen = new Set<string>();
  const lines: string[] = [];
  const walk = (id: string, depth: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const text = texts.get(id);
    if (text !== undefined) lines.push(`${'  '.repeat(Math.max(0, depth))}- ${text}`);
    const children = [...(below.get(id) ?? [])].sort((a, b) => a.order - b.order);
    for (const child of children) walk(child.id, depth + 1);
  };
  if (root !== undefined) walk(root, -1);
  for (const id of texts.keys()) walk(id, 0);
  if (lines.length > 0) yield { text: lines.join('\n'), block: 'list' };
}
