import { useQueryClient } from '@tanstack/react-query';
import { ChevronsUpDown, Monitor, Moon, Plus, Search, Sun } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { startOver } from '../ask/conversation.ts';
import { Button, IconButton, Key } from '../design/button.tsx';
import { createCollection } from '../service/collections.ts';
import { pagePresentation } from '../service/connection.ts';
import { useCollection } from './collection.ts';
import { CollectionDocuments } from './collection-documents.tsx';
import type { MenuPage } from './command-menu.tsx';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { useShortcuts } from './shortcuts.ts';
import { setTheme, themeNames, themes, useTheme } from './theme.ts';
import { addFiles } from './uploads.ts';
import { useDesk } from './viewport.ts';

const CommandMenu = lazy(() => import('./command-menu.tsx'));

/** What stays while pages change: the rail (or the phone's two bars), the one file input, the drop target, ⌘K. */
export function Shell({
  keyGiven,
  children,
}: {
  readonly keyGiven: boolean;
  readonly children: (addDocuments: () => void) => ReactNode;
}) {
  const { collections, current, choose, settled } = useCollection();
  const queries = useQueryClient();
  const [path, navigate] = useLocation();
  const [menu, setMenu] = useState<MenuPage | null>(null);
  const desk = useDesk();
  const input = useRef<HTMLInputElement>(null);
  const addDocuments = () => input.current?.click();

  const take = async (files: readonly File[]) => {
    if (files.length === 0) return;
    const chosen = await settled();
    const into = await addFiles(files, chosen?.id ?? null, queries);
    if (chosen === null) choose(into);
  };
  const dropping = useDrop(take);
  const newQuestion = () => {
    startOver();
    navigate(current === null ? '/' : `/?store=${current.id}`);
    requestAnimationFrame(() => document.getElementById('question')?.focus());
  };
  const create = async (name: string) => {
    const made = await createCollection(name);
    await queries.invalidateQueries({ queryKey: ['collections'] });
    choose(made.id);
  };
  useShortcuts({
    'mod+k': () => setMenu((open) => (open === null ? 'everything' : null)),
    '/': () => {
      if (path !== '/') navigate('/');
      requestAnimationFrame(() => document.getElementById('question')?.focus());
    },
  });

  const switcher = (
    <button
      type="button"
      onClick={() => setMenu('collections')}
      className="flex h-8 min-w-0 items-center gap-2 rounded-small px-2 font-medium hover:bg-held max-desk:h-10"
    >
      <span className="sr-only">Collection: </span>
      <span className="truncate">{current?.name ?? 'No collection yet'}</span>
      <ChevronsUpDown size={14} className="shrink-0 text-ink-faint" aria-hidden="true" />
    </button>
  );
  const rail = path === '/' || path.startsWith('/documents/');

  return (
    <div className="flex h-dvh flex-col desk:grid desk:grid-cols-[240px_minmax(0,1fr)]">
      <a
        href="#content"
        className="absolute top-2 left-2 z-40 -translate-y-16 rounded-small bg-indigo-fill px-3 py-2 text-on-indigo focus:translate-y-0"
      >
        Skip to content
      </a>
      {desk ? (
        <aside
          aria-label="Collection and pages"
          className="flex min-h-0 flex-col border-r border-line bg-sunk"
        >
          <div className="flex h-14 shrink-0 items-center gap-2 pr-2 pl-4">
            <Mark />
            <span className="flex-1 text-body font-semibold">{pagePresentation().title}</span>
            <button
              type="button"
              onClick={() => setMenu('everything')}
              className="flex h-8 items-center gap-2 rounded-small px-2 text-ink-faint hover:bg-held hover:text-ink"
            >
              <Search size={14} aria-hidden="true" />
              <span className="sr-only">Open the command menu</span>
              <Key>{/Mac/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</Key>
            </button>
          </div>
          <Navigation as="rows" />
          {rail ? (
            <>
              <div className="mt-6 mb-1 flex items-center justify-between gap-1 px-2">
                {switcher}
                <IconButton label="Add documents" onClick={addDocuments}>
                  <Plus size={16} />
                </IconButton>
              </div>
              <CollectionDocuments collection={current?.id ?? null} />
            </>
          ) : (
            <div className="flex-1" />
          )}
          <div className="flex h-12 shrink-0 items-center px-2">
            <ThemeButton named />
          </div>
        </aside>
      ) : (
        <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-sunk pr-1 pl-4">
          <Mark />
          <div className="flex min-w-0 flex-1">{switcher}</div>
          <ThemeButton />
          <IconButton label="Open the command menu" onClick={() => setMenu('everything')}>
            <Search size={16} />
          </IconButton>
        </header>
      )}
      <main id="content" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 outline-none">
        {children(addDocuments)}
        <input
          ref={input}
          type="file"
          multiple
          aria-label="Files to add"
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])];
            event.target.value = '';
            void take(chosen);
          }}
        />
      </main>
      {desk ? null : <Navigation as="tabs" />}
      {dropping ? (
        <div className="pointer-events-none fixed inset-2 z-40 flex items-center justify-center rounded-box border-2 border-dashed border-indigo bg-paper/90 text-read font-medium">
          Drop to add to {current?.name ?? 'a new collection'}
        </div>
      ) : null}
      {menu === null ? null : (
        <Suspense>
          <CommandMenu
            page={menu}
            onClose={() => setMenu(null)}
            collections={collections}
            current={current}
            choose={choose}
            create={create}
            addDocuments={addDocuments}
            newQuestion={newQuestion}
            keyGiven={keyGiven}
          />
        </Suspense>
      )}
    </div>
  );
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeButton({ named = false }: { readonly named?: boolean }) {
  const theme = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const Icon = themeIcons[theme];
  const label = `Theme: ${theme}. Switch to ${next}`;
  const turn = () => setTheme(next);
  if (!named) {
    return (
      <IconButton label={label} onClick={turn}>
        <Icon size={16} strokeWidth={1.75} />
      </IconButton>
    );
  }
  return (
    <Button weight="quiet" aria-label={label} onClick={turn} className="gap-3 font-normal">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {themeNames[theme]}
    </Button>
  );
}

/** Files may be dropped anywhere on the page. */
function useDrop(take: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const onOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  return over;
}
