import { ArrowLeft, ArrowUpRight, ChevronLeft, ChevronRight, X } from 'lucide-react';
import { Link } from 'wouter';
import { IconButton } from '../design/button.tsx';
import { DocumentText } from '../documents/document-text.tsx';
import type { Citation } from '../service/answers.ts';
import { distinct } from './citations.ts';
import { isRunning, type Turn } from './conversation.ts';

/** The address of a passage in its document. */
export function passageAddress(collection: string, citation: Citation): string {
  const range =
    citation.start === undefined ? '' : `?start=${citation.start}&end=${citation.end ?? citation.start}`;
  return `/documents/${collection}/${citation.file_id}${range}`;
}

/** What an answer rests on: its quotes, and the chosen one where it stands in its document. */
export function SourcesPane({
  turn,
  chosen,
  onChoose,
  closes,
}: {
  readonly turn: Turn;
  readonly chosen: number | null;
  readonly onChoose: (number: number | null) => void;
  /** In a sheet leaving the passage closes it; beside the answer it leads back to the list. */
  readonly closes: boolean;
}) {
  const citations = distinct(turn.citations);
  const citation = chosen === null ? undefined : citations[chosen - 1];
  if (chosen === null || citation === undefined || turn.collection === null) {
    return <SourceList turn={turn} citations={citations} onChoose={onChoose} />;
  }
  const { start, end, page } = citation;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton label={closes ? 'Close' : 'All sources'} onClick={() => onChoose(null)}>
          {closes ? <X size={16} /> : <ArrowLeft size={16} />}
        </IconButton>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-body font-semibold">{citation.filename}</h2>
        </div>
        {page == null ? null : <span className="numbers px-2 text-small text-ink-soft">Page {page}</span>}
        <IconButton label="Previous citation" disabled={chosen <= 1} onClick={() => onChoose(chosen - 1)}>
          <ChevronLeft size={16} />
        </IconButton>
        <span className="numbers text-small text-ink-soft">
          {chosen} of {citations.length}
        </span>
        <IconButton
          label="Next citation"
          disabled={chosen >= citations.length}
          onClick={() => onChoose(chosen + 1)}
        >
          <ChevronRight size={16} />
        </IconButton>
        <Link
          href={passageAddress(turn.collection, citation)}
          aria-label={`Open ${citation.filename} at this passage`}
          title="Open the document at this passage"
          className="inline-flex size-8 items-center justify-center rounded-small text-ink-soft hover:bg-held hover:text-ink max-desk:size-10"
        >
          <ArrowUpRight size={16} />
        </Link>
      </header>
      <section
        aria-label={`Text of ${citation.filename}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto px-8 py-6"
      >
        <DocumentText
          collection={turn.collection}
          file={citation.file_id}
          range={start === undefined || end === undefined ? null : { start, end }}
        />
      </section>
    </div>
  );
}

function SourceList({
  turn,
  citations,
  onChoose,
}: {
  readonly turn: Turn;
  readonly citations: readonly Citation[];
  readonly onChoose: (number: number) => void;
}) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center border-b border-line px-4">
        <h2 className="text-body font-semibold">Sources</h2>
      </header>
      <ol className="min-h-0 flex-1 overflow-y-auto empty:hidden">
        {citations.map((citation, position) => (
          <li key={`${citation.file_id} ${citation.start}`} className="border-b border-line">
            <button
              type="button"
              onClick={() => onChoose(position + 1)}
              className="grid w-full grid-cols-[20px_minmax(0,1fr)] gap-x-2 px-4 py-3 text-left hover:bg-held"
            >
              <span className="numbers text-small leading-5 text-ink-soft">{position + 1}</span>
              <span className="flex items-baseline gap-2">
                <span className="truncate font-medium">{citation.filename}</span>
                {citation.page == null ? null : (
                  <span className="numbers text-small text-ink-faint">Page {citation.page}</span>
                )}
              </span>
              <span className="col-start-2 mt-1 line-clamp-4 border-l-[3px] border-thread pl-3 text-ink-soft">
                {citation.quote}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {citations.length > 0 ? null : isRunning(turn) ? (
        <div role="status" aria-label="Looking for sources" className="space-y-4 p-4">
          <div className="bone h-4 w-1/2" />
          <div className="bone h-16 w-full" />
          <div className="bone h-4 w-2/5" />
          <div className="bone h-16 w-full" />
        </div>
      ) : (
        <p className="p-4 text-ink-soft">This answer cites no passage.</p>
      )}
    </div>
  );
}
