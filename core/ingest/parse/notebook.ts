import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';
import { parseHtml } from './html.ts';
import { parseMarkdown } from './markdown.ts';

/** Results of a cell beyond this are logs: their beginning is enough to find them. */
const MAX_OUTPUT_LENGTH = 20_000;

/** A Jupyter notebook (nbformat 3 and 4): its texts, its code, and what the code printed; no pictures. */
export function* parseNotebook(json: string): Iterable<Draft> {
  const cells = cellsOf(json);
  for (const cell of cells) {
    const source = textOf(cell.source ?? cell.input);
    if (source.trim() !== '') {
      if (cell.cell_type === 'markdown') yield* parseMarkdown(withoutPictures(source));
      else if (cell.cell_type === 'heading') {
        yield { text: source, block: 'heading', level: typeof cell.level === 'number' ? cell.level : 1 };
      } else if (cell.cell_type === 'raw') yield { text: source, block: 'paragraph' };
      else yield { text: source, block: 'code' };
    }
    for (const output of Array.isArray(cell.outputs) ? cell.outputs : []) yield* outputBlocks(output);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function cellsOf(json: string): readonly Fields[] {
  let notebook: unknown;
  try {
    notebook = JSON.parse(json);
  } catch (cause) {
    throw refuse('malformed', 'The notebook is not valid JSON; it may not have been uploaded whole.', cause);
  }
  if (!isFields(notebook)) throw refuse('malformed', 'The notebook has no cells.');
  const sheets = Array.isArray(notebook.worksheets) ? notebook.worksheets.filter(isFields) : [notebook];
  return sheets.flatMap(({ cells }) => (Array.isArray(cells) ? cells.filter(isFields) : []));
}

/** Texts are lists of lines, or one string. */
const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.filter((one) => typeof one === 'string').join('')
      : '';

/** Pictures that stand in the text itself as letters and figures. */
const withoutPictures = (markdown: string): string =>
  markdown.replace(/!\[([^\]]*)\]\((?:data:|attachment:)[^)]*\)/g, '$1');

function* outputBlocks(output: unknown): Iterable<Draft> {
  if (!isFields(output)) return;
  const data = isFields(output.data) ? output.data : output;
  const html = textOf(data['text/html'] ?? data.html);
  const plain = textOf(data['text/plain'] ?? data.text);
  if (typeof output.ename === 'string') {
    yield { text: `${output.ename}: ${String(output.evalue ?? '')}`, block: 'code' };
  } else if (/<table/i.test(html)) {
    yield* parseHtml(html, { whole: true });
  } else if (textOf(data['text/markdown']) !== '') {
    yield* parseMarkdown(withoutPictures(textOf(data['text/markdown'])));
  } else if (plain !== '' && !/^<[\w. ]+(?: at 0x[0-9a-f]+|size \S+ with \d+ Axes)?>$/i.test(plain.trim())) {
    yield { text: withoutColours(plain).slice(0, MAX_OUTPUT_LENGTH), block: 'code' };
  }
}

/** What terminals take for colours (ECMA-48). */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

const withoutColours = (text: string): string => text.replaceAll(colour, '');
