import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/button.tsx';
import { atMoment, atTime, duration } from '../design/format.ts';
import { Page } from '../design/page.tsx';
import { Bones, Copyable, ErrorNote } from '../design/states.tsx';
import { type HistoryPage, type HistoryStep, readHistory, readRun } from '../service/agents.ts';
import { statusWords } from './status.ts';

/** Steps that are read at once. */
const PAGE = 100;

/** How often a run is read again: while it works, as fast as its steps; while it waits for a person, as an inbox. */
const POLL_MS: Readonly<Record<string, number>> = { running: 1000, interrupted: 4000 };

/** What an agent did: its steps in order, what changed at each, and its effects on the world. */
export default function RunPage({ id }: { readonly id: string }) {
  const run = useQuery({
    queryKey: ['run', id],
    queryFn: () => readRun(id),
    refetchInterval: ({ state }) => POLL_MS[state.data?.status ?? ''] ?? false,
  });
  const finished = useRef(new Map<string, HistoryPage>());
  const history = useInfiniteQuery({
    queryKey: ['history', id],
    queryFn: async ({ pageParam }) => {
      const place = `${id} ${pageParam}`;
      const known = finished.current.get(place);
      if (known !== undefined) return known;
      const page = await readHistory(id, { order: 'asc', limit: PAGE, after: pageParam });
      // Steps that others follow do not change any more, so a run that goes on is read from its last page.
      if (page.next !== null) finished.current.set(place, page);
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const { refetch: readOn, isFetching } = history;
  const stands = run.data === undefined ? undefined : `${run.data.step} ${run.data.status}`;
  const [read, setRead] = useState<string>();
  useEffect(() => {
    if (stands === undefined || stands === read || isFetching) return;
    setRead(stands);
    void readOn();
  }, [stands, read, isFetching, readOn]);
  const error = run.error ?? history.error;
  if (error !== null) {
    return (
      <Page title="Run">
        <ErrorNote error={error} onRetry={() => Promise.all([run.refetch(), history.refetch()])} />
      </Page>
    );
  }
  if (run.data === undefined) {
    return (
      <Page title="Run">
        <Bones rows={5} label="Loading the run" />
      </Page>
    );
  }
  const { agent, status, interrupts, output, error: failure, forked_from, created_at } = run.data;
  const { attempts, last_error: lastError, next_attempt_at: nextAt } = run.data;
  const { word, colour } = statusWords[status];
  const steps = history.data?.pages.flatMap((page) => page.steps) ?? [];
  return (
    <Page title={agent} actions={<Copyable text={id} label="Copy run id" />}>
      <div className="-mt-4 mb-8 flex flex-wrap gap-x-4 text-body text-ink-soft">
        <span role="status" className={`font-medium ${colour}`}>
          {word}
        </span>
        <span className="numbers">started {atMoment(created_at)}</span>
        {forked_from == null ? null : (
          <Link href={`/runs/${forked_from.run_id}`} className="text-indigo underline underline-offset-2">
            forked at step {forked_from.step}
          </Link>
        )}
        {status === 'interrupted' && interrupts[0] !== undefined ? (
          <Link
            href={`/inbox?interrupt=${interrupts[0]}`}
            className="text-indigo underline underline-offset-2"
          >
            Decide
          </Link>
        ) : null}
      </div>
      {failure == null ? null : (
        <ErrorNote error={new Error(typeof failure === 'string' ? failure : JSON.stringify(failure))} />
      )}
      {lastError === undefined ? null : (
        <p className="mb-8 border-l-[3px] border-warn pl-3 [overflow-wrap:anywhere]">
          Attempt {attempts} failed: {lastError.message}{' '}
          {nextAt === undefined ? 'Another is under way.' : `The next begins at ${atTime(nextAt)}.`}
        </p>
      )}
      {output == null ? null : (
        <section aria-label="Output" className="mb-8">
          <Title>Output</Title>
          <Json value={output} />
        </section>
      )}
      <section aria-label="Steps">
        <Title>Steps</Title>
        <ol className="border-t border-line">
          {steps.map((step, position) => (
            <Step key={step.step} step={step} before={steps[position - 1]} />
          ))}
        </ol>
        {history.hasNextPage ? (
          <Button className="mt-4" onClick={() => history.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
      </section>
    </Page>
  );
}

const Title = ({ children }: { readonly children: ReactNode }) => (
  <h2 className="mb-2 text-body font-semibold">{children}</h2>
);

const Json = ({ value }: { readonly value: unknown }) => (
  <pre className="overflow-x-auto rounded-small bg-sunk p-3 font-mono text-small">
    {JSON.stringify(value, null, 2)}
  </pre>
);

function Step({ step, before }: { readonly step: HistoryStep; readonly before: HistoryStep | undefined }) {
  const changes = difference(before?.state, step.state);
  return (
    <li id={`step-${step.step}`} className="border-b border-line py-2">
      <div className="flex h-6 items-center gap-4">
        <span className="numbers w-6 text-right text-ink-faint">{step.step}</span>
        <span className="flex-1 font-medium">{step.node}</span>
        <span className="numbers text-small text-ink-faint">{atTime(step.at)}</span>
      </div>
      <div className="space-y-1 pl-10 text-ink-soft">
        {(step.answers ?? (step.answer == null ? [] : [step.answer])).map((answer) => (
          <p key={String(answer.at)} className="border-l-[3px] border-thread pl-3">
            {answer.by ?? 'Somebody'} chose <strong className="font-semibold">{answer.action}</strong>
            {answer.reason == null ? '' : `: ${answer.reason}`}
          </p>
        ))}
        {changes.map(({ name, from, to }) => (
          <p key={name} className="line-clamp-6 font-mono text-small [overflow-wrap:anywhere]">
            {name}: {from === undefined ? '' : <del className="text-ink-faint">{from}</del>} {to ?? 'removed'}
          </p>
        ))}
        {(step.effects ?? []).map((effect) => (
          <Effect key={effect.key} effect={effect} />
        ))}
      </div>
    </li>
  );
}

const colours: Readonly<Record<string, string>> = { uncertain: 'text-warn', failed: 'text-bad' };

function Effect({ effect }: { readonly effect: NonNullable<HistoryStep['effects']>[number] }) {
  const { key, name, outcome, attempts = 1, duration_ms: took, error, args, result, omitted = [] } = effect;
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-3">
        <span className={colours[outcome] ?? 'text-ok'}>
          {name} {outcome}
        </span>
        {took === undefined ? null : (
          <span className="numbers text-small text-ink-faint">{duration(took)}</span>
        )}
        {attempts > 1 ? <span className="text-small text-ink-faint">{attempts} attempts</span> : null}
        <Copyable text={key} label="Copy effect key" />
      </p>
      {error === undefined ? null : <p className="[overflow-wrap:anywhere]">{error.message}</p>}
      {args === undefined && result === undefined ? null : (
        <details>
          <summary className="cursor-pointer text-small text-ink-faint">
            Arguments and result
            {omitted.length === 0 ? '' : ` (${omitted.join(', ')} too long to show)`}
          </summary>
          <Json value={{ args, result }} />
        </details>
      )}
    </div>
  );
}

interface Change {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What a step changed in the state, by the state's own names. */
function difference(before: unknown, after: unknown): readonly Change[] {
  const was = asRecord(before);
  const is = asRecord(after);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((name) => changeOf(name, was[name], is[name]))
    .filter(({ from, to }) => from !== to);
}

/** Of a list that has grown only what is new. */
function changeOf(name: string, was: unknown, is: unknown): Change {
  const [from, to] = [asText(was), asText(is)];
  if (!Array.isArray(was) || !Array.isArray(is) || was.length >= is.length) return { name, from, to };
  if (JSON.stringify(is.slice(0, was.length)) !== from) return { name, from, to };
  return { name, from: undefined, to: `… ${is.slice(was.length).map(asText).join(', ')}` };
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const asText = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);
