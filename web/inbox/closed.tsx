import { Button } from '../design/button.tsx';
import { atMoment } from '../design/format.ts';
import type { InterruptAnswer } from '../service/agents.ts';
import { valuesOf, written } from './schema-form.tsx';

/** Somebody was faster, or the run was cancelled: what is shown can no longer be decided. */
export function Closed({
  first,
  answer,
  onGoOn,
}: {
  /** This person had answered too, a moment too late. */
  readonly first: boolean;
  readonly answer: InterruptAnswer | null;
  readonly onGoOn: () => void;
}) {
  return (
    <div role="alert" className="mt-6 rounded-box border border-line p-4">
      <p className="text-body">
        {answer === null ? (
          'The run was cancelled before anybody answered.'
        ) : (
          <>
            {first ? 'Somebody answered first. ' : ''}
            Answered by {answer.by ?? 'somebody'}
            {answer.at == null ? '' : `, ${atMoment(answer.at)}`}:{' '}
            <strong className="font-semibold">{answer.action}</strong>
            {answer.reason == null ? '' : ` (${answer.reason})`}. Their answer stands.
          </>
        )}
      </p>
      {answer?.args == null ? null : <Arguments values={valuesOf(answer.args)} />}
      <Button className="mt-3" onClick={onGoOn}>
        Back to the inbox
      </Button>
    </div>
  );
}

/** Texts keep their lines. */
export function Arguments({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  if (Object.keys(values).length === 0) return null;
  return (
    <dl className="border-l-[3px] border-thread pl-4">
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className="grid min-h-8 grid-cols-[140px_minmax(0,1fr)] items-center gap-4">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="numbers font-mono whitespace-pre-wrap [overflow-wrap:anywhere]">{written(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
