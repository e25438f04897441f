import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { ErrorNote } from '../design/states.tsx';
import { type Action, type Answered, answerInterrupt, type Interrupt } from '../service/agents.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { useArmed } from './armed.ts';
import { Arguments, Closed } from './closed.tsx';
import { Road } from './road.tsx';
import { fieldsOf, formValue, SchemaForm, valuesOf, written } from './schema-form.tsx';

const names: Readonly<Record<Action, { readonly name: string; readonly key: string }>> = {
  approve: { name: 'Approve', key: 'A' },
  edit: { name: 'Edit', key: 'E' },
  reject: { name: 'Reject', key: 'R' },
  respond: { name: 'Respond', key: 'W' },
};

/**
 * One thing that waits for a person: what will happen, with which arguments, and how the run came here.
 *
 *  AGT-31 What a person decides is what that person sees. The item that is open stays open until its reader leaves it; if
 *         it was answered elsewhere, it says by whom and can no longer be decided. Nothing can be decided in the first
 *         half second of what is shown, and every answer carries the hash of the arguments that were shown.
 */
export function Decision({
  interrupt,
  isOpen,
  onAnswered,
  onLeave,
}: {
  readonly interrupt: Interrupt;
  /** Whether it waits for an answer, as far as is known. */
  readonly isOpen: boolean;
  readonly onAnswered: () => void;
  readonly onLeave: () => void;
}) {
  const queries = useQueryClient();
  /** As it was when it was opened: what is sent is what stands here. */
  const [shown] = useState(interrupt);
  const onlyResponds = shown.allow.every((action) => action === 'respond');
  const [opened, setOpened] = useState<Action | null>(onlyResponds ? 'respond' : null);
  const values = valuesOf(shown.args);
  const fields = fieldsOf(shown.response_schema, opened === 'respond' ? null : shown.args);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)])),
  );
  const [reason, setReason] = useState('');
  const armed = useArmed(`${shown.id} ${isOpen}`);
  const answering = useMutation({
    mutationFn: async (action: Action): Promise<Answered> =>
      answerInterrupt(shown.id, {
        action,
        args_hash: shown.args_hash ?? null,
        ...(action === 'edit' ? { args: formValue(fields, texts) } : {}),
        ...(action === 'respond' ? { value: formValue(fields, texts) } : {}),
        ...(action === 'reject' && reason.trim() !== '' ? { reason: reason.trim() } : {}),
      }),
    onSuccess: async (answered) => {
      if (answered.kind === 'late') return;
      await queries.invalidateQueries({ queryKey: ['interrupts'] });
      onAnswered();
    },
  });
  const { isPending, data, error } = answering;
  const may = (action: Action) => shown.allow.includes(action) && isOpen && !isPending && data === undefined;
  const decide = (action: Action) => {
    if (armed && may(action)) answering.mutate(action);
  };
  const openForm = (action: Action) => {
    if (armed && may(action)) setOpened(action);
  };
  useShortcuts({
    // A key that is held down was pressed for what stood here before.
    a: ({ repeat }) => {
      if (!repeat) decide('approve');
    },
    e: () => openForm('edit'),
    r: () => openForm('reject'),
    w: () => openForm('respond'),
    'mod+enter': () => {
      if (opened !== null) decide(opened);
    },
  });
  const focus = (element: HTMLElement | null) => element?.focus();

  return (
    <article aria-label={shown.message} className="mx-auto max-w-2xl px-4 py-6 desk:px-8 desk:py-8">
      <h2 className="text-title font-semibold tracking-tight [overflow-wrap:anywhere]">{titleOf(shown)}</h2>
      <p className="mt-2 text-body text-ink-soft [overflow-wrap:anywhere]">{consequence(shown)}</p>
      {data?.kind === 'late' ? (
        <Closed first answer={data.winner} onGoOn={onLeave} />
      ) : interrupt.status !== 'pending' && data === undefined ? (
        <>
          <Arguments values={values} />
          <Closed first={false} answer={interrupt.answer ?? null} onGoOn={onLeave} />
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (opened !== null) decide(opened);
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
              <ErrorNote error={error} />
            </div>
          )}
          <div className="mt-6 flex flex-wrap gap-2">
            {opened === null ? (
              <>
                {may('approve') || isPending ? (
                  <Choice
                    action="approve"
                    primary
                    armed={armed}
                    disabled={isPending}
                    onClick={() => decide('approve')}
                  />
                ) : null}
                {(['edit', 'respond', 'reject'] as const).map((action) =>
                  may(action) ? (
                    <Choice key={action} action={action} armed={armed} onClick={() => openForm(action)} />
                  ) : null,
                )}
              </>
            ) : (
              <>
                <Button type="submit" weight="primary" disabled={isPending || !isOpen} aria-disabled={!armed}>
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
  armed,
  onClick,
}: {
  readonly action: Action;
  readonly armed: boolean;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}) => (
  <Button
    weight={primary ? 'primary' : 'plain'}
    disabled={disabled}
    aria-disabled={!armed}
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
