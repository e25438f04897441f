import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getDocumentProxy } from 'unpdf';
import { errorMessage } from '../../core/error-message.ts';
import type { Block } from '../../core/ingest/block.ts';
import type { CharacterMaps } from '../../core/ingest/character-maps.ts';
import { parseDocument } from '../../core/ingest/parse.ts';

/** What is measured: something that turns a file into text. */
export interface Reader {
  readonly name: string;
  /** In the order of the files; a file that cannot be read is a `Reading` with an error. */
  read(paths: readonly string[], task: ReadingTask): AsyncIterable<Reading>;
}

/** `tables` asks for each table with its page, which a peer may only find out by reading page by page. */
export type ReadingTask = 'text' | 'tables';

export interface Reading {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly markdown: string;
  readonly tables: readonly PageTable[];
  /** Of reading alone: neither the start of the reader nor that of its models. */
  readonly seconds: number;
  readonly error: string | null;
}

/** As `table_score.py` takes them. */
export interface PageTable {
  readonly page: number;
  readonly grid: readonly (readonly string[])[];
}

/** Selvedge's own parsers, in this process, as the Worker calls them. */
export const selvedge: Reader = {
  name: 'selvedge',
  async *read(paths) {
    for (const path of paths) {
      const file = basename(path);
      const bytes = new Uint8Array(await readFile(path));
      const began = performance.now();
      try {
        const blocks = await parseDocument({ filename: file, contentType: '', bytes }, [], characterMaps);
        const seconds = (performance.now() - began) / 1000;
        yield { file, markdown: markdownOf(blocks), tables: tablesOf(blocks), seconds, error: null };
      } catch (error) {
        const seconds = (performance.now() - began) / 1000;
        const message = errorMessage(error);
        yield { file, markdown: '', tables: [], seconds, error: message };
      }
    }
  },
};

/** The running text: neither what is repeated on every page nor our own remarks. */
export function markdownOf(blocks: readonly Block[]): string {
  return blocks
    .filter(({ furniture, unread }) => furniture === undefined && unread === undefined)
    .map((block) => {
      if (block.block === 'heading') return `${'#'.repeat(block.level ?? 1)} ${block.text}`;
      // As a grid, whatever the passages say, so that it can be compared with what others write.
      if (block.rows !== undefined) return block.rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
      return block.text;
    })
    .join('\n\n');
}

/** A table that was cut into blocks is one again, and one that goes on over pages is a part on each, as the gold has it. */
export function tablesOf(blocks: readonly Block[]): readonly PageTable[] {
  const tables: { page: number; grid: (readonly string[])[]; header: string }[] = [];
  let before: Block | undefined;
  for (const block of blocks) {
    if (block.rows === undefined) {
      before = block;
      continue;
    }
    const headerRows = block.headerRows ?? 0;
    const header = JSON.stringify(block.rows.slice(0, headerRows));
    const pages = rowPages(block, block.rows);
    const isCut = before?.rows !== undefined && headerRows > 0 && tables.at(-1)?.header === header;
    for (const [at, row] of block.rows.entries()) {
      const page = pages[at] ?? 1;
      const last = tables.at(-1);
      if (last?.page === page && (at > 0 || isCut)) {
        if (at >= headerRows || !isCut) last.grid.push(row);
      } else tables.push({ page, grid: [row], header });
    }
    before = block;
  }
  return tables.map(({ page, grid }) => ({ page, grid }));
}

/** The page of each row: a row with text is a line of the block, except for a heading that its records repeat. */
function rowPages(
  { text, page = 1, pageBreaks = [] }: Block,
  rows: readonly (readonly string[])[],
): readonly number[] {
  const lines: number[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const at = offset;
    lines.push(pageBreaks.findLast((one) => one.at <= at)?.page ?? page);
    offset += line.length + 1;
  }
  const isFilled = (row: readonly string[]) => row.some((cell) => cell !== '');
  let line = lines.length - rows.filter(isFilled).length;
  return rows.map((row) => {
    const own = lines[Math.max(0, line)] ?? page;
    if (isFilled(row)) line += 1;
    return own;
  });
}

/** The Worker has them among its assets. */
const characterMaps: CharacterMaps = async (name) => {
  const path = join(import.meta.dirname, `../../node_modules/pdfjs-dist/cmaps/${basename(name)}.bcmap`);
  return existsSync(path) ? new Uint8Array(await readFile(path)) : null;
};

export async function pageCount(path: string): Promise<number> {
  if (!path.endsWith('.pdf')) return 1;
  const document = await getDocumentProxy(new Uint8Array(await readFile(path)), { verbosity: 0 });
  const pages = document.numPages;
  await document.loadingTask.destroy();
  return pages;
}
