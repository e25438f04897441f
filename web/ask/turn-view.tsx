import { ChevronDown, ThumbsDown, ThumbsUp } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button, IconButton } from '../design/button.tsx';
import { ErrorNote } from '../design/states.tsx';
import { rate } from '../service/answers.ts';
import { isRunning, type Turn } from './conversation.ts';
import { Why } from './why.tsx';

const AnswerText = lazy(() => import('./answer-text.tsx'));

/** One question and its answer: searching, writing, whole, stopped, cut short, failed, or without an answer. */
export function TurnView({
  turn,
  chosen,
  onCite,
  onAgain,
}: {
  readonly turn: Turn;
  readonly chosen: number | null;
  readonly onCite: (number: number) => void;
  readonly onAgain: () => void;
}) {
  const [whyOpen, setWhyOpen] = useState(false);
  const abstained =
    turn.phase === 'completed' &&
    turn.collection !== null &&
    turn.citations.length === 0 &&
    turn.answer !== null;
  return (
    <article aria-label={turn.question} className="py-8 first:pt-10">
      <h2 className="text-title font-semibold tracking-tight [overflow-wrap:anywhere]">{turn.question}</h2>
      <div
        aria-live="polite"
        aria-busy={isRunning(turn)}
        className="mt-4 max-w-[68ch] text-read [overflow-wrap:anywhere]"
      >
        {turn.phase === 'searching' ? <Searching found={turn.candidates.length} /> : null}
        {turn.text === '' ? null : (
          <Suspense fallback={<p className="whitespace-pre-wrap">{turn.text}</p>}>
            <AnswerText text={turn.text} citations={turn.citations} chosen={chosen} onCite={onCite} />
          </Suspense>
        )}
        {turn.phase === 'stopped' ? (
          <p className="mt-3 text-body text-ink-soft">You stopped this answer.</p>
        ) : null}
      </div>
      {turn.error === null ? null : (
        <div className="mt-4">
          <ErrorNote error={turn.error} onRetry={onAgain} />
        </div>
      )}
      {abstained ? <NoPassage found={turn.candidates.length} onShow={() => setWhyOpen(true)} /> : null}
      {turn.phase === 'completed' || turn.phase === 'cut-short' ? (
        <footer className="mt-4">
          <div className="-ml-2 flex flex-wrap items-center">
            <Button weight="quiet" aria-expanded={whyOpen} onClick={() => setWhyOpen(!whyOpen)}>
              Why this answer
              <ChevronDown
                size={14}
                aria-hidden="true"
                className={`text-ink-faint ${whyOpen ? 'rotate-180' : ''}`}
              />
            </Button>
            <span className="flex-1" />
            {turn.responseId === null ? null : <Rating responseId={turn.responseId} />}
          </div>
          {whyOpen ? <Why turn={turn} /> : null}
        </footer>
      ) : null}
      {turn.phase === 'stopped' ? (
        <Button className="mt-4" onClick={onAgain}>
          Ask again
        </Button>
      ) : null}
    </article>
  );
}

const Searching = ({ found }: { readonly found: number }) => (
  <div>
    <p className="text-body text-ink-soft">
      {found === 0 ? 'Searching the documents' : `Reading ${found} ${found === 1 ? 'passage' : 'passages'}`}
    </p>
    <div aria-hidden="true" className="mt-4 space-y-3">
      <div className="bone h-4 w-full" />
      <div className="bone h-4 w-11/12" />
      <div className="bone h-4 w-3/5" />
    </div>
  </div>
);

/** The answer rests on nothing, and says so; what came nearest is a click away. */
const NoPassage = ({ found, onShow }: { readonly found: number; readonly onShow: () => void }) => (
  <div className="mt-4 rounded-box border border-line p-4">
    <p className="text-body text-ink-soft">
      Nothing in this collection supports an answer, so none is cited. Ask in other words, or add the document
      that would know.
    </p>
    {found === 0 ? null : (
      <Button className="mt-3" onClick={onShow}>
        Show the nearest passages
      </Button>
    )}
  </div>
);

function Rating({ responseId }: { readonly responseId: string }) {
  const [given, setGiven] = useState<1 | -1 | null>(null);
  const [error, setError] = useState<unknown>(null);
  const give = async (score: 1 | -1) => {
    setGiven(score);
    try {
      await rate(responseId, score);
      setError(null);
    } catch (refused) {
      setGiven(null);
      setError(refused);
    }
  };
  return (
    <span className="flex items-center">
      {error === null ? null : <span className="px-2 text-small text-bad">Your rating was not stored.</span>}
      <IconButton
        label="Good answer"
        aria-pressed={given === 1}
        className="aria-pressed:text-indigo"
        onClick={() => give(1)}
      >
        <ThumbsUp size={14} fill={given === 1 ? 'currentColor' : 'none'} />
      </IconButton>
      <IconButton
        label="Bad answer"
        aria-pressed={given === -1}
        className="aria-pressed:text-indigo"
        onClick={() => give(-1)}
      >
        <ThumbsDown size={14} fill={given === -1 ? 'currentColor' : 'none'} />
      </IconButton>
    </span>
  );
}
