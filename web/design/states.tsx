import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ServiceError } from '../service/connection.ts';
import { Button } from './button.tsx';

/** Rows in the shape of what will stand there. */
export function Bones({ rows, label }: { readonly rows: number; readonly label: string }) {
  const widths = ['w-3/5', 'w-2/5', 'w-1/2', 'w-7/12', 'w-1/3'];
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity and never move
        <div key={row} className="flex h-9 items-center gap-4 px-2">
          <div className={`bone h-3 ${widths[row % widths.length]}`} />
          <div className="bone ml-auto h-3 w-12" />
        </div>
      ))}
    </div>
  );
}

/** Says what will be here, and offers the first step towards it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-start gap-3 px-4 py-16">
      <h2 className="text-read font-semibold">{title}</h2>
      <div className="text-body text-ink-soft">{children}</div>
      {action === undefined ? null : <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** What happened, what can be done, and the id that an operator can look up. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const message = error instanceof Error ? error.message : 'Something went wrong in this page.';
  const requestId = error instanceof ServiceError ? error.requestId : null;
  return (
    <div role="alert" className="rounded-box bg-bad-wash p-4">
      <p className="text-body break-words">{message}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>}
        {requestId === null ? null : <Copyable text={requestId} label="Copy request id" />}
      </div>
    </div>
  );
}

export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`${label} ${text}`}
      title={label}
      className="inline-flex h-8 max-w-full items-center gap-2 rounded-small px-2 font-mono text-small text-ink-soft hover:bg-held hover:text-ink"
    >
      <span className="truncate">{text}</span>
      {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
    </button>
  );
}
