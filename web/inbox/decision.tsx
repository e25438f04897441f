import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/button.tsx';
import { ago, atMoment } from '../design/format.ts';
import { TroubleNote } from '../design/states.tsx';
import {
  type Action,
  type Answered,
  answerInterrupt,
  type Interrupt,
  readHistory,
} from '../service/agents.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { fieldsOf, SchemaForm, understood, WHOLE, written } from './schema-form.tsx';

const names: Readonly<Record<Action, { readonly name: string; readonly key: string }>> = {
  approve: { name: 'Approve', key: 'A' },
  edit: { name: 'Edit', key: 'E' },
  reject: { name: 'Reject', key: 'R' },
  respond: { name: 'Respond', key: 'W' },
};

/** One thing that waits for a person: what will happen, with which arguments, and how the run came here. */
export function Decision({
  interrupt,
  onAnswered,
}: {
  readonly interrupt: Interrupt;
  readonly onAnswered: () => void;
}) {
  const queries = useQueryClient();
  const onlyResponds = interrupt.allow.every((action) => action === 'respond');
  const [opened, setOpened] = useState<Action | null>(onlyResponds ? 'respond' : null);
  const values = interrupt.args ?? {};
  const fields = fieldsOf(interrupt.response_schema ?? null, opened === 'respond' ? {} : values);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)])),
  );
  const [reason, setReason] = useState('');
  const answering = useMutation({
    mutationFn: (action: Action): Promise<Answered> => {
      const read = () =>
        Object.fromEntries(
          fields.flatMap((field) => {
            const text = texts[field.name] ?? '';
            return text === '' && !field.required ? [] : [[field.name, understood(field, text)] as const];
          }),
        );
      const value = () => (fields[0]?.name === WHOLE ? read()[WHOLE] : read());
      return answerInterrupt(interrupt.id, {
        action,
        ...(action === 'edit' ? { args: read() } : {}),
        ...(action === 'respond' ? { value: value() } : {}),
        ...(action === 'reject' && reason.trim() !== '' ? { reason: reason.trim() } : {}),
      });
    },
    onSuccess: async (answered) => {
      if (answered.kind === 'late') return;
      await queries.invalidateQueries({ queryKey: ['interrupts'] });
      onAnswered();
    },
  });
  const { mutate, isPending, data, error } = answering;
  const may = (action: Action) => interrupt.allow.includes(action) && !isPending && data === undefined;
  useShortcuts({
    a: () => {
      if (may('approve')) mutate('approve');
    },
    e: () => {
      if (may('edit')) setOpened('edit');
    },
    r: () => {
      if (may('reject')) setOpened('reject');
    },
    w: () => {
      if (may('respond')) setOpened('respond');
    },
  });
  const focus = (element: HTMLElement | null) => element?.focus();

  return (
    <article aria-label={interrupt.message} className="mx-auto max-w-2xl px-4 py-6 desk:px-8 desk:py-8">
      <h2 className="text-title font-semibold tracking-tight [overflow-wrap:anywhere]">
        {titleOf(interrupt)}
      </h2>
      <p className="mt-2 text-body text-ink-soft [overflow-wrap:anywhere]">{consequence(interrupt)}</p>
      {data?.kind === 'late' ? (
        <Late answered={data} onGoOn={() => queries.invalidateQueries({ queryKey: ['interrupts'] })} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (opened !== null) mutate(opened);
          }}
          className="mt-6"
        >
          {opened === 'edit' || opened === 'respond' ? (
            <SchemaForm
              fields={fields}
              texts={texts}
              onChange={(name, text) => setTexts({ ...texts, [name]: text })}
              {...(opened === 'edit' ? { first: once(focus) } : {})}
            />
          ) : (
            <Arguments values={values} />
          )}
          {opened === 'reject' ? (
            <label className="mt-4 block">
              <span className="mb-1 block font-medium">
                Reason <span className="font-normal text-ink-faint">optional</span>
              </span>
              <input
                ref={once(focus)}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                className="h-8 w-full rounded-small border border-line-strong bg-paper px-3 max-desk:h-10"
              />
            </label>
          ) : null}
          {error === null ? null : (
            <div className="mt-4">
              <TroubleNote error={error} />
            </div>
          )}
          <div className="mt-6 flex flex-wrap gap-2">
            {opened === null ? (
              <>
                {may('approve') || isPending ? (
                  <Choice action="approve" primary disabled={isPending} onClick={() => mutate('approve')} />
                ) : null}
                {(['edit', 'respond', 'reject'] as const).map((action) =>
                  may(action) ? (
                    <Choice key={action} action={action} onClick={() => setOpened(action)} />
                  ) : null,
                )}
              </>
            ) : (
              <>
                <Button type="submit" weight="primary" disabled={isPending}>
                  {opened === 'edit' ? 'Approve with these arguments' : names[opened].name}
                </Button>
                {onlyResponds ? null : <Button onClick={() => setOpened(null)}>Back</Button>}
              </>
            )}
          </div>
        </form>
      )}
      <Road interrupt={interrupt} />
    </article>
  );
}

const Choice = ({
  action,
  primary = false,
  disabled = false,
  onClick,
}: {
  readonly action: Action;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) => (
  <Button
    weight={primary ? 'primary' : 'plain'}
    disabled={disabled}
    aria-keyshortcuts={names[action].key}
    onClick={onClick}
  >
    {names[action].name}
    <span aria-hidden="true" className="font-mono text-small opacity-70 max-desk:hidden">
      {names[action].key}
    </span>
  </Button>
);

/** A ref that gives focus when its element appears, and not at every render. */
const once = (focus: (element: HTMLElement | null) => void) => {
  return (element: HTMLElement | null) => {
    if (element !== null && element.dataset.focused === undefined) {
      element.dataset.focused = 'true';
      focus(element);
    }
  };
};

/** For the list and the head: short, where the full message explains at length. */
export const titleOf = ({ kind, tool, node, message }: Interrupt): string =>
  kind === 'uncertain' ? `Did ${tool ?? node} happen?` : message;

function consequence({ kind, tool, node, message }: Interrupt): string {
  switch (kind) {
    case 'tool':
      return `If you approve, ${tool ?? node} runs once with the arguments below. If you reject, it does not run and the agent is told why.`;
    case 'uncertain':
      return message;
    case 'input':
      return 'The agent goes on with what you answer.';
  }
}

function Arguments({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  if (Object.keys(values).length === 0) return null;
  return (
    <dl className="border-l-[3px] border-thread pl-4">
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className="grid min-h-8 grid-cols-[140px_minmax(0,1fr)] items-center gap-4">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="numbers font-mono [overflow-wrap:anywhere]">{written(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const Late = ({
  answered,
  onGoOn,
}: {
  readonly answered: Extract<Answered, { kind: 'late' }>;
  readonly onGoOn: () => void;
}): ReactNode => (
  <div role="alert" className="mt-6 rounded-box border border-line p-4">
    <p className="text-body">
      Somebody answered first: <strong className="font-semibold">{answered.winner.action}</strong>
      {answered.winner.by == null ? '' : ` by ${answered.winner.by}`}
      {answered.winner.at == null ? '' : `, ${atMoment(answered.winner.at)}`}. Their answer stands.
    </p>
    {answered.winner.args == null ? null : <Arguments values={answered.winner.args} />}
    <Button className="mt-3" onClick={onGoOn}>
      Back to the inbox
    </Button>
  </div>
);

/** The steps that led here. */
function Road({ interrupt }: { readonly interrupt: Interrupt }) {
  const { data } = useQuery({
    queryKey: ['history', interrupt.run_id],
    queryFn: () => readHistory(interrupt.run_id),
  });
  return (
    <section aria-label="The run that led here" className="mt-10">
      <h3 className="mb-2 font-semibold">How it came here</h3>
      <ol className="border-t border-line">
        {(data ?? []).map(({ step, node, at }) => (
          <li key={step} className="flex h-8 items-center gap-4 border-b border-line">
            <span className="numbers w-6 text-right text-ink-faint">{step}</span>
            <span className="min-w-0 flex-1 truncate">{node}</span>
            <span className="numbers text-small text-ink-faint">{ago(at)}</span>
          </li>
        ))}
        <li className="flex h-8 items-center gap-4 border-b border-line">
          <span className="numbers w-6 text-right text-ink-faint">{interrupt.step}</span>
          <span className="min-w-0 flex-1 truncate">{interrupt.node}</span>
          <span className="text-small text-thread">waits for you</span>
        </li>
      </ol>
      <Link
        href={`/runs/${interrupt.run_id}`}
        className="mt-3 inline-flex h-8 items-center rounded-small text-indigo underline underline-offset-2"
      >
        Open the run
      </Link>
    </section>
  );
}
