import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { getDocumentProxy } from 'unpdf';
import { errorMessage } from '../../core/error-message.ts';
import type { Block } from '../../core/ingest/block.ts';
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
        const blocks = await parseDocument({ filename: file, contentType: '', bytes });
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
function markdownOf(blocks: readonly Block[]): string {
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

/** A table that was cut into blocks is one again: its header rows stand in each. */
function tablesOf(blocks: readonly Block[]): readonly PageTable[] {
  const tables: { page: number; grid: (readonly string[])[]; header: string }[] = [];
  let before: Block | undefined;
  for (const block of blocks) {
    if (block.rows === undefined) {
      before = block;
      continue;
    }
    const page = block.page ?? 1;
    const headerRows = block.headerRows ?? 0;
    const header = JSON.stringify(block.rows.slice(0, headerRows));
    const last = tables.at(-1);
    const goesOn =
      before?.rows !== undefined && headerRows > 0 && last?.header === header && last.page === page;
    if (goesOn) last.grid.push(...block.rows.slice(headerRows));
    else tables.push({ page, grid: [...block.rows], header });
    before = block;
  }
  return tables.map(({ page, grid }) => ({ page, grid }));
}

export async function pageCount(path: string): Promise<number> {
  if (!path.endsWith('.pdf')) return 1;
  const document = await getDocumentProxy(new Uint8Array(await readFile(path)), { verbosity: 0 });
  const pages = document.numPages;
  await document.loadingTask.destroy();
  return pages;
}
