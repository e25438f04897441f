import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';

/** Enter sends, Shift+Enter breaks the line. While an answer runs, the same button stops it. */
export function QuestionBox({
  first,
  placeholder,
  running,
  onAsk,
  onStop,
}: {
  /** What stands in the box when it appears. */
  readonly first: string;
  readonly placeholder: string;
  readonly running: boolean;
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
}) {
  const [text, setText] = useState(first);
  const ask = () => {
    const question = text.trim();
    if (question === '') return;
    setText('');
    onAsk(question);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // `isComposing`: Enter that ends a Japanese or Chinese composition is no Enter of ours.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
      className="flex items-end gap-2 rounded-box border border-line-strong bg-paper p-2 pl-4 focus-within:border-indigo focus-within:outline-2 focus-within:outline-indigo"
    >
      <textarea
        id="question"
        aria-label="Ask a question"
        placeholder={placeholder}
        rows={1}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-48 min-h-8 flex-1 resize-none bg-transparent py-0.5 max-desk:py-1.5 text-read outline-none"
      />
      {running ? (
        <button
          type="button"
          aria-label="Stop the answer"
          title="Stop the answer"
          onClick={onStop}
          className="flex size-8 shrink-0 items-center justify-center rounded-small border border-line-strong text-ink hover:bg-held max-desk:size-10"
        >
          <Square size={12} fill="currentColor" />
        </button>
      ) : (
        <button
          type="submit"
          aria-label="Send the question"
          title="Send the question"
          disabled={text.trim() === ''}
          className="flex size-8 shrink-0 items-center justify-center rounded-small bg-indigo-fill text-on-indigo hover:bg-indigo-fill-held disabled:bg-held disabled:text-ink-faint max-desk:size-10"
        >
          <ArrowUp size={16} />
        </button>
      )}
    </form>
  );
}
