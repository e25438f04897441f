import { type FormEvent, useState } from 'react';
import { Button } from '../design/button.tsx';
import { keepKey, pagePresentation } from '../service/connection.ts';
import { Mark } from './mark.tsx';

/** Where the service gives the page no key of its own. The key stays in this browser and travels in a header. */
export function KeyPrompt({ refused }: { readonly refused: boolean }) {
  const [key, setKey] = useState('');
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') keepKey(key.trim());
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-6 pb-24">
      <div className="flex items-center gap-2 text-body font-semibold">
        <Mark />
        {pagePresentation().title}
      </div>
      <h1 className="mt-8 text-title font-semibold">Enter your API key</h1>
      <p className="mt-2 text-body text-ink-soft">
        {refused
          ? 'The service refused the key. It may have been revoked; paste another one.'
          : 'An administrator of this service can create one for you. It is stored in this browser only.'}
      </p>
      <form onSubmit={open} className="mt-6 flex gap-2">
        <input
          type="password"
          aria-label="API key"
          placeholder="sk-…"
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          className="h-8 min-w-0 flex-1 rounded-small border border-line-strong bg-paper px-3 font-mono text-base max-desk:h-10"
        />
        <Button type="submit" weight="primary" disabled={key.trim() === ''}>
          Open
        </Button>
      </form>
    </main>
  );
}
