import { ArrowDown, ArrowRight, Plus } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Button, IconButton } from '../design/button.tsx';
import { Sheet } from '../design/dialog.tsx';
import { plural } from '../design/format.ts';
import { ErrorNote } from '../design/states.tsx';
import { pagePresentation } from '../service/connection.ts';
import { useCollection } from '../shell/collection.ts';
import { CollectionDocuments } from '../shell/collection-documents.tsx';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useDesk, useWide } from '../shell/viewport.ts';
import {
  askAgain,
  askNext,
  isRunning,
  restore,
  startOver,
  stop,
  type Turn,
  useTurns,
} from './conversation.ts';
import { QuestionBox } from './question-box.tsx';
import { SourcesPane } from './sources-pane.tsx';
import { ThreadLine } from './thread-line.tsx';
import { TurnView } from './turn-view.tsx';
import { useFollowing } from './use-following.ts';

/** `/?store=…&q=…&response=…&cite=2`: each question, answer and citation has an address. */
function address(turn: Pick<Turn, 'collection' | 'question' | 'responseId'>, cite: number | null): string {
  const query = new URLSearchParams();
  if (turn.collection !== null) query.set('store', turn.collection);
  query.set('q', turn.question);
  if (turn.responseId !== null) query.set('response', turn.responseId);
  if (cite !== null) query.set('cite', String(cite));
  return `/?${query}`;
}

export function AskPage({ addDocuments }: { readonly addDocuments: () => void }) {
  const { current, pending, error, settled } = useCollection();
  const [, navigate] = useLocation();
  const search = useSearch();
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const turns = useTurns();
  const wide = useWide();
  const frame = useRef<HTMLDivElement>(null);

  const response = query.get('response');
  const question = query.get('q') ?? '';
  const store = query.get('store');
  const cite = query.get('cite') === null ? null : Number(query.get('cite'));
  useEffect(() => {
    if (response !== null) void restore(response, question, store);
  }, [response, question, store]);
  useEffect(() => {
    const last = turns.at(-1);
    if (store !== null && last !== undefined && last.collection !== store) startOver();
  }, [store, turns]);

  const shown =
    turns.find((turn) => turn.responseId !== null && turn.responseId === response) ?? turns.at(-1);
  const show = (turn: Turn, number: number | null) => navigate(address(turn, number));
  const named = (turn: Pick<Turn, 'question' | 'collection'>) => (responseId: string) => {
    if (window.location.pathname === '/') navigate(address({ ...turn, responseId }, null), { replace: true });
  };
  const ask = async (text: string) => {
    const asked = { question: text, collection: (await settled())?.id ?? null };
    navigate(address({ ...asked, responseId: null }, null));
    await askNext(text, asked.collection, named(asked));
  };
  useShortcuts({
    escape: () => {
      if (shown !== undefined && cite !== null) show(shown, null);
    },
  });

  const running = turns.some(isRunning);
  const box = (
    <QuestionBox
      first={turns.length === 0 && response === null ? question : ''}
      placeholder={turns.length > 0 ? 'Ask a follow-up' : `Ask ${current?.name ?? 'your documents'}`}
      running={running}
      onAsk={ask}
      onStop={stop}
    />
  );
  if (turns.length === 0) {
    return (
      <Beginning pending={pending} error={error} addDocuments={addDocuments} ask={ask}>
        {box}
      </Beginning>
    );
  }
  const pane =
    shown === undefined ? null : (
      <SourcesPane turn={shown} chosen={cite} onChoose={(number) => show(shown, number)} closes={!wide} />
    );
  return (
    <div ref={frame} className="relative h-full wide:grid wide:grid-cols-[minmax(0,1fr)_minmax(400px,36%)]">
      <Thread
        turns={turns}
        box={box}
        view={(turn) => (
          <TurnView
            key={turn.id}
            turn={turn}
            chosen={turn === shown ? cite : null}
            onCite={(number) => show(turn, number)}
            onAgain={() => askAgain(turn, named(turn))}
          />
        )}
      />
      {wide ? (
        <aside data-pane aria-label="Sources" className="min-h-0 border-l border-line bg-sunk">
          {pane}
        </aside>
      ) : (
        <Sheet
          open={cite !== null && shown !== undefined}
          onClose={() => (shown === undefined ? undefined : show(shown, null))}
          title="Sources"
        >
          {pane}
        </Sheet>
      )}
      {wide && cite !== null ? <ThreadLine within={frame} /> : null}
    </div>
  );
}

function Thread({
  turns,
  view,
  box,
}: {
  readonly turns: readonly Turn[];
  readonly view: (turn: Turn) => ReactNode;
  readonly box: ReactNode;
}) {
  const { scroller, following, follow } = useFollowing(turns);
  return (
    <div className="relative flex h-full min-h-0 flex-col">
      <div ref={scroller} data-scroller className="min-h-0 flex-1 overflow-y-auto">
        <h1 className="sr-only">Questions and answers</h1>
        <div className="mx-auto max-w-[744px] divide-y divide-line px-4 desk:px-8">{turns.map(view)}</div>
      </div>
      <div className="relative mx-auto w-full max-w-[744px] shrink-0 px-4 pb-4 desk:px-8 desk:pb-6">
        {following ? null : (
          <Button
            className="absolute -top-10 left-1/2 -translate-x-1/2 bg-paper shadow-lifted"
            onClick={follow}
          >
            <ArrowDown size={14} aria-hidden="true" />
            New
          </Button>
        )}
        {box}
      </div>
    </div>
  );
}

/** Before the first question. */
function Beginning({
  pending,
  error,
  addDocuments,
  ask,
  children,
}: {
  readonly pending: boolean;
  readonly error: unknown;
  readonly addDocuments: () => void;
  readonly ask: (question: string) => void;
  readonly children: ReactNode;
}) {
  const { current } = useCollection();
  const desk = useDesk();
  const own = current?.questions ?? [];
  const questions = own.length > 0 ? own : pagePresentation().questions;
  const empty = !pending && error === null && (current === null || current.files === 0);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[680px] px-4 pt-10 pb-8 desk:px-8 desk:pt-[22vh]">
        <h1 className="text-title font-semibold tracking-tight">What do your documents say?</h1>
        <p className="mt-2 mb-6 max-w-[60ch] text-body text-ink-soft">
          {empty
            ? 'Add Markdown, text, HTML, PDF, Word, CSV or JSON files. Answers then quote them and show where.'
            : `${
                current === null ? '' : `${plural(current.files, 'document')} in ${current.name}. `
              }Every answer shows the passages it rests on.`}
        </p>
        {error === null ? children : <ErrorNote error={error} />}
        {current === null || questions.length === 0 ? null : (
          <ul aria-label="Suggested questions" className="mt-8 border-t border-line">
            {questions.map((text) => (
              <li key={text} className="border-b border-line">
                <button
                  type="button"
                  onClick={() => ask(text)}
                  className="flex min-h-10 w-full items-center gap-3 px-1 py-2 text-left text-body text-ink-soft hover:bg-sunk hover:text-ink"
                >
                  <span className="flex-1">{text}</span>
                  <ArrowRight size={14} aria-hidden="true" className="text-ink-faint" />
                </button>
              </li>
            ))}
          </ul>
        )}
        {empty ? (
          <Button weight="primary" className="mt-4" onClick={addDocuments}>
            Add documents
          </Button>
        ) : null}
        {desk ? null : (
          <div className="-mx-4 mt-8">
            <div className="mb-1 flex items-center pr-2 pl-4">
              <h2 className="flex-1 font-semibold">Documents</h2>
              <IconButton label="Add documents" onClick={addDocuments}>
                <Plus size={16} />
              </IconButton>
            </div>
            <CollectionDocuments collection={current?.id ?? null} />
          </div>
        )}
      </div>
    </div>
  );
}
