import type { Draft } from '../../block.ts';
import { tableBlocks } from '../table.ts';
import { childAt, childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';

/** A chart (DrawingML, ECMA-376-1, 21.2) as what it says and the figures that it is drawn from, which are kept in it. */
export function* chartBlocks(chartSpace: XmlElement): Iterable<Draft> {
  const chart = childOf(chartSpace, 'c:chart');
  const plot = childOf(chart, 'c:plotArea');
  if (plot === undefined) return;
  const title = wordsOf(childOf(chart, 'c:title'));
  const axes = [...descendantsOf(plot, 'c:catAx', 'c:valAx', 'c:dateAx', 'c:serAx')]
    .map((axis) => wordsOf(childOf(axis, 'c:title')))
    .filter((name) => name !== '');
  const about = [title, axes.length === 0 ? '' : `(${axes.join(', ')})`]
    .filter((text) => text !== '')
    .join(' ');
  yield { text: about === '' ? 'Chart' : `Chart: ${about}`, block: 'figure' };
  const series = [...descendantsOf(plot, 'c:ser')].map((one, at) => ({
    name:
      pointsOf(childOf(one, 'c:tx')).get(0) ??
      textOf(childAt(one, 'c:tx', 'c:v') ?? '') ??
      `Series ${at + 1}`,
    labels: pointsOf(childOf(one, 'c:cat') ?? childOf(one, 'c:xVal')),
    values: pointsOf(childOf(one, 'c:val') ?? childOf(one, 'c:yVal')),
  }));
  const [first] = series;
  if (first === undefined) return;
  const count = Math.max(...series.map(({ values }) => Math.max(-1, ...values.keys()) + 1));
  const rows = Array.from({ length: count }, (_, at) => [
    first.labels.get(at) ?? '',
    ...series.map(({ values }) => values.get(at) ?? ''),
  ]);
  if (rows.length > 0)
    yield* tableBlocks({ rows: [['', ...series.map(({ name }) => name)], ...rows], headerRows: 1 });
}

const wordsOf = (element: XmlElement | undefined): string =>
  element === undefined
    ? ''
    : [...descendantsOf(element, 'a:t', 'c:v')].map(textOf).join('').replace(/\s+/g, ' ').trim();

/** Of the copy that a chart keeps of its cells, by their number. Labels on several levels are joined. */
function pointsOf(source: XmlElement | undefined): ReadonlyMap<number, string> {
  const points = new Map<number, string>();
  if (source === undefined) return points;
  const caches = [...descendantsOf(source, 'c:strCache', 'c:numCache', 'c:lvl', 'c:strLit', 'c:numLit')];
  for (const cache of caches.toReversed()) {
    for (const point of elementsOf(cache).filter((one) => one.name === 'c:pt')) {
      const at = Number(point.attributes.idx);
      const value = textOf(childOf(point, 'c:v') ?? '').trim();
      const above = points.get(at);
      if (Number.isInteger(at) && at < 100_000)
        points.set(at, above === undefined ? value : `${above} / ${value}`);
    }
  }
  return points;
}
