import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode, useLayoutEffect, useRef } from 'react';
import { ErrorNote } from '../design/states.tsx';
import { type Block, readBlocks } from '../service/documents.ts';

/** Offsets into the parsed text, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A document as it was read, with the quoted range marked, on view, and held by the red thread. */
export function DocumentText({
  collection,
  file,
  range,
}: {
  readonly collection: string;
  readonly file: string;
  readonly range: Range | null;
}) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['blocks', collection, file],
    queryFn: () => readBlocks(collection, file),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const root = useRef<HTMLDivElement>(null);
  const { start, end } = range ?? { start: -1, end: -1 };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark moves when the range or the text does
  useLayoutEffect(() => {
    root.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
  }, [data, start, end]);
  if (isPending) return <Paragraphs />;
  if (error !== null) return <ErrorNote error={error} onRetry={() => refetch()} />;
  if (data.length === 0)
    return <p className="text-body text-ink-soft">No text was found in this document.</p>;
  const text = data.filter((block) => block.furniture !== true);
  const furniture = data.filter((block) => block.furniture === true);
  const blocks = range === null ? text : joined(text, range);
  return (
    <div ref={root} className="text-body [overflow-wrap:anywhere]">
      {blocks.map((block, position) => (
        <BlockText
          key={block.start}
          block={block}
          range={range}
          newPage={block.page != null && block.page !== lastPage(blocks[position - 1]) ? block.page : null}
        />
      ))}
      {furniture.length === 0 ? null : (
        <details className="mt-8 text-small text-ink-faint">
          <summary>Repeated on the pages</summary>
          {furniture.map((block) => (
            <p key={block.start} className="my-1">
              {block.text}
              {block.page == null ? null : <span className="numbers"> · Page {block.page}</span>}
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

/** The page on which a block ends. */
const lastPage = (block: Block | undefined) => block?.page_breaks?.at(-1)?.page ?? block?.page;

const isQuoted = (block: Block, range: Range): boolean => range.start < block.end && block.start < range.end;

/** A quote that spans blocks is still one quote: they become one, joined as the parsed text joins them, for one mark. */
function joined(blocks: readonly Block[], range: Range): readonly Block[] {
  const quoted = blocks.filter((block) => isQuoted(block, range));
  const first = quoted[0];
  const last = quoted.at(-1);
  if (first === undefined || last === undefined || first === last) return blocks;
  const text = quoted.map((block) => block.text).join('\n\n');
  const page_breaks = quoted.flatMap(({ start, page, page_breaks: own = [] }, at) => [
    ...(at > 0 && page != null && page !== lastPage(quoted[at - 1])
      ? [{ at: start - first.start, page }]
      : []),
    ...own.map((one) => ({ at: one.at + start - first.start, page: one.page })),
  ]);
  const one: Block = { ...first, block: 'paragraph', text, end: last.end, page_breaks };
  return blocks.flatMap((block) => (block === first ? [one] : isQuoted(block, range) ? [] : [block]));
}

function BlockText({
  block,
  range,
  newPage,
}: {
  readonly block: Block;
  readonly range: Range | null;
  readonly newPage: number | null;
}) {
  const quoted = range !== null && isQuoted(block, range);
  return (
    <>
      {newPage === null ? null : (
        <div className="mt-6 mb-2 flex items-center gap-3 text-small text-ink-faint first:mt-0">
          <span className="numbers">Page {newPage}</span>
          <span className="h-px flex-1 bg-line" />
        </div>
      )}
      <div
        data-thread={quoted ? 'to' : undefined}
        className={
          quoted
            ? 'relative before:absolute before:inset-y-0 before:-left-4 before:w-[3px] before:bg-thread'
            : ''
        }
      >
        {content(block, quoted ? range : null)}
      </div>
    </>
  );
}

const headingSizes = [
  'text-read font-semibold mt-6',
  'text-body font-semibold mt-6',
  'text-body font-medium mt-4',
];

function content(block: Block, range: Range | null): ReactNode {
  switch (block.block) {
    case 'heading':
      return (
        <p className={`mb-2 ${headingSizes[Math.min((block.level ?? 1) - 1, 2)]}`}>
          {marked(block.text, block.start, range)}
        </p>
      );
    case 'code':
      return (
        <pre className="my-3 overflow-x-auto rounded-small bg-sunk p-3 font-mono text-small">
          {marked(block.text, block.start, range)}
        </pre>
      );
    case 'table':
      return block.rows == null ? (
        <Lines block={block} range={range} />
      ) : (
        <Table block={block} rows={block.rows} range={range} />
      );
    default:
      return <Lines block={block} range={range} />;
  }
}

const Lines = ({ block, range }: { readonly block: Block; readonly range: Range | null }) => (
  <p className="my-3 whitespace-pre-wrap">{onPages(block, range)}</p>
);

/** A block's text, which says where it goes on to another page; a quote over a break stays one mark. */
function onPages({ text, start, page_breaks: breaks = [] }: Block, range: Range | null): ReactNode {
  const shown = breaks.filter(
    ({ at }) => range === null || start + at <= range.start || start + at >= range.end,
  );
  if (shown.length === 0) return marked(text, start, range);
  return [{ at: 0, page: null }, ...shown].map(({ at, page }, position) => (
    <Fragment key={at}>
      {page === null ? null : <span className="numbers text-small text-ink-faint">(page {page}) </span>}
      {marked(text.slice(at, shown[position]?.at ?? text.length), start + at, range)}
    </Fragment>
  ));
}

/** `text`, which begins at `offset` of the document, with the part inside `range` in a `<mark>`. */
function marked(text: string, offset: number, range: Range | null): ReactNode {
  if (range === null) return text;
  const from = Math.max(0, range.start - offset);
  const to = Math.min(text.length, range.end - offset);
  if (from >= to) return text;
  return (
    <>
      {text.slice(0, from)}
      <mark>{painted(text.slice(from, to))}</mark>
      {text.slice(to)}
    </>
  );
}

/** The lines of a quote, each to be painted; the empty ones between its paragraphs are not. */
const painted = (quote: string): ReactNode =>
  quote.split(/(\n+)/).map((piece, place) =>
    piece.startsWith('\n') ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a quote never change places
      <span key={place}>{piece}</span>
    ),
  );

/**
 * A table's cells are found in its text one after another, which gives each its offsets. A quote that lies in
 * one cell is marked there; one that spans cells cannot be one mark in a table, so the table then stands as text.
 */
function Table({
  block,
  rows,
  range,
}: {
  readonly block: Block;
  readonly rows: readonly (readonly string[])[];
  readonly range: Range | null;
}) {
  const placed = place(block, rows);
  const inOneCell =
    range === null ||
    placed?.some((row) =>
      row.some(({ text, offset }) => offset <= range.start && range.end <= offset + text.length),
    ) === true;
  if (placed === null || !inOneCell) return <Lines block={block} range={range} />;
  return (
    <div className="my-3 overflow-x-auto">
      <table className="w-full text-base">
        <tbody>
          {placed.map((row) => (
            <tr key={row[0]?.offset} className="border-b border-line first:font-medium">
              {row.map(({ text, offset }, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column; empty cells share an offset
                <td key={column} className="numbers py-1 pr-4 align-top">
                  {marked(text, offset, range)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Cell {
  readonly text: string;
  readonly offset: number;
}

function place(block: Block, rows: readonly (readonly string[])[]): readonly (readonly Cell[])[] | null {
  let at = 0;
  const placed: Cell[][] = [];
  for (const row of rows) {
    const cells: Cell[] = [];
    for (const text of row) {
      const found = block.text.indexOf(text, at);
      if (found < 0) return null;
      cells.push({ text, offset: block.start + found });
      at = found + text.length;
    }
    placed.push(cells);
  }
  return placed;
}

const Paragraphs = () => (
  <div role="status" aria-label="Loading the document" className="space-y-3">
    {['w-1/3', 'w-full', 'w-11/12', 'w-3/5', 'w-full', 'w-10/12', 'w-2/5'].map((width, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity and never move
      <div key={line} className={`bone h-4 ${width}`} />
    ))}
  </div>
);
