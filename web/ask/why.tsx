import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count, dollars, duration } from '../design/format.ts';
import { Copyable } from '../design/states.tsx';
import { ServiceError } from '../service/connection.ts';
import { readTrace } from '../service/telemetry.ts';
import type { Turn } from './conversation.ts';

/** Where an answer comes from: what the search brought up, how long each stage took, what it cost. */
export function Why({ turn }: { readonly turn: Turn }) {
  const { data: trace } = useQuery({
    queryKey: ['trace', turn.traceId],
    enabled: turn.traceId !== null,
    queryFn: () => readTrace(turn.traceId ?? ''),
    // The trace is written just after the answer's last byte.
    retry: (attempts, error) => attempts < 5 && error instanceof ServiceError && error.status === 404,
    retryDelay: 500,
  });
  const best = Math.max(...turn.candidates.map(({ score }) => score), Number.EPSILON);
  const stages = Object.entries(trace?.stages ?? {});
  const longest = Math.max(...stages.map(([, time]) => time), 1);
  const { answer } = turn;
  const promptVersion = trace?.prompt_version ?? turn.promptVersion;
  return (
    <div className="mt-2 space-y-6 rounded-box border border-line bg-sunk p-4">
      <section aria-label="Passages that the search found">
        <Title>Passages found</Title>
        {turn.candidates.length === 0 ? <p className="text-ink-soft">No passages were found.</p> : null}
        <ol>
          {turn.candidates.map((candidate, position) => {
            const cited = turn.citations.some(
              ({ file_id, quote }) =>
                file_id === candidate.file_id && quote !== undefined && candidate.text.includes(quote),
            );
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rank is its position, and the list never changes
              <li key={position} className="border-b border-line py-2 last:border-0">
                <div className="flex items-center gap-3">
                  <span className="numbers w-4 text-right text-ink-faint">{position + 1}</span>
                  <span
                    className={`min-w-0 flex-1 truncate ${cited ? 'underline decoration-thread decoration-2 underline-offset-4' : ''}`}
                  >
                    {candidate.filename}
                  </span>
                  <span className="text-small text-ink-faint">{cited ? 'cited' : ''}</span>
                  <Meter share={candidate.score / best} />
                  <span className="numbers w-12 text-right">{candidate.score.toFixed(3)}</span>
                </div>
                <p className="mt-1 line-clamp-2 pl-7 text-small text-ink-soft">{candidate.text}</p>
              </li>
            );
          })}
        </ol>
      </section>
      {stages.length === 0 ? null : (
        <section aria-label="Time of each stage">
          <Title>Time</Title>
          <ul>
            {stages.map(([stage, time]) => (
              <li key={stage} className="flex h-6 items-center gap-3">
                <span className="min-w-0 flex-1">{stage}</span>
                <Meter share={time / longest} />
                <span className="numbers w-16 text-right">{duration(time)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-1">
        <Fact name="Total">{trace === undefined ? null : duration(trace.duration_ms)}</Fact>
        <Fact name="First token">
          {trace?.time_to_first_token_ms == null ? null : duration(trace.time_to_first_token_ms)}
        </Fact>
        <Fact name="Cost">{answer?.cost == null ? null : dollars(answer.cost)}</Fact>
        <Fact name="Tokens">
          {answer?.tokens == null
            ? null
            : `${count(answer.tokens.input)} in, ${count(answer.tokens.output)} out`}
        </Fact>
        <Fact name="Model">{answer?.model ?? null}</Fact>
        <Fact name="Prompt">{promptVersion ?? null}</Fact>
        <Fact name="Trace">
          {turn.traceId === null ? null : (
            <span className="flex flex-wrap items-center gap-2">
              <Link href={`/traces/${turn.traceId}`} className="text-indigo underline underline-offset-2">
                Open the trace
              </Link>
              <Copyable text={turn.traceId} label="Copy trace id" />
            </span>
          )}
        </Fact>
      </dl>
    </div>
  );
}

const Title = ({ children }: { readonly children: ReactNode }) => (
  <h3 className="mb-1 font-semibold">{children}</h3>
);

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === null) return null;
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="numbers min-w-0 truncate">{children}</dd>
    </>
  );
}

/** A length beside a number that says the same. */
const Meter = ({ share }: { readonly share: number }) => (
  <span aria-hidden="true" className="h-1 w-24 overflow-hidden rounded-small bg-held max-desk:w-12">
    <span
      className="block h-full origin-left bg-indigo"
      style={{ transform: `scaleX(${Math.max(0.01, share)})` }}
    />
  </span>
);
