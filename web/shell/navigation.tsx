import { useQuery } from '@tanstack/react-query';
import { ChartNoAxesColumn, FileText, Inbox, MessageSquareText } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { countInterrupts } from '../service/agents.ts';

/** Each look is a request with a row of its own, so no faster than a person would look. */
const INBOX_POLL_MS = 30_000;

export const places = [
  { href: '/', name: 'Ask', icon: MessageSquareText, holds: /^\/$/ },
  { href: '/documents', name: 'Documents', icon: FileText, holds: /^\/documents/ },
  { href: '/inbox', name: 'Inbox', icon: Inbox, holds: /^\/(inbox|runs)/ },
  { href: '/usage', name: 'Usage', icon: ChartNoAxesColumn, holds: /^\/(usage|traces)/ },
] as const;

/** How many decisions wait for a person. */
function useWaiting(): number {
  const { data } = useQuery({
    queryKey: ['interrupts', 'count'],
    queryFn: countInterrupts,
    refetchInterval: INBOX_POLL_MS,
    retry: false,
  });
  return data ?? 0;
}

/** Rows in the rail on a desk, tabs along the lower edge on a phone. */
export function Navigation({ as }: { readonly as: 'rows' | 'tabs' }) {
  const [path] = useLocation();
  const waiting = useWaiting();
  return (
    <nav
      aria-label="Pages"
      className={
        as === 'rows'
          ? 'flex flex-col gap-px px-2'
          : 'grid shrink-0 grid-cols-4 border-t border-line bg-sunk pb-[env(safe-area-inset-bottom)]'
      }
    >
      {places.map(({ href, name, icon: Icon, holds }) => (
        <Link
          key={href}
          href={href}
          aria-current={holds.test(path) ? 'page' : undefined}
          className={`text-ink-soft hover:text-ink aria-[current]:text-ink ${
            as === 'rows'
              ? 'flex h-8 items-center gap-3 rounded-small px-2 font-medium hover:bg-held aria-[current]:bg-held'
              : 'flex h-14 flex-col items-center justify-center gap-1 text-small aria-[current]:text-indigo'
          }`}
        >
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          <span className="relative">
            {name}
            {name === 'Inbox' && waiting > 0 && as === 'tabs' ? (
              <Count waiting={waiting} className="absolute -top-5 left-7" />
            ) : null}
          </span>
          {name === 'Inbox' && waiting > 0 && as === 'rows' ? (
            <Count waiting={waiting} className="ml-auto" />
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

const Count = ({ waiting, className }: { readonly waiting: number; readonly className: string }) => (
  <span className={`numbers text-small text-thread ${className}`}>
    {waiting}
    <span className="sr-only"> waiting</span>
  </span>
);
