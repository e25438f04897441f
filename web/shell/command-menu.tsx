import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { Collection } from '../service/collections.ts';
import { forgetKey } from '../service/connection.ts';
import { places } from './navigation.tsx';
import { setTheme, themeNames, themes, useTheme } from './theme.ts';

export type MenuPage = 'everything' | 'collections';

interface Props {
  readonly page: MenuPage;
  readonly onClose: () => void;
  readonly collections: readonly Collection[];
  readonly current: Collection | null;
  readonly choose: (id: string) => void;
  readonly create: (name: string) => void;
  readonly addDocuments: () => void;
  readonly newQuestion: () => void;
  /** Only a key that a person typed can be forgotten. */
  readonly keyGiven: boolean;
}

/** ⌘K: everything that the page can do, by its name. */
export default function CommandMenu(props: Props) {
  const { page, onClose, collections, current, choose, create, addDocuments, newQuestion, keyGiven } = props;
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const theme = useTheme();
  const everything = page === 'everything';
  const then = (work: () => void) => () => {
    onClose();
    work();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-30 w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 overflow-hidden rounded-box border border-line bg-paper shadow-lifted"
        >
          <Dialog.Title className="sr-only">{everything ? 'Commands' : 'Switch collection'}</Dialog.Title>
          <Command loop>
            <Command.Input
              value={typed}
              onValueChange={setTyped}
              placeholder={everything ? 'Type a command or a collection' : 'Find or name a collection'}
              className="h-12 w-full border-b border-line bg-transparent px-4 text-body outline-none"
            />
            <Command.List aria-label="Commands" className="max-h-[50vh] overflow-y-auto p-2">
              {everything ? (
                <>
                  <Group heading="Do">
                    <Item onSelect={then(newQuestion)}>Ask a new question</Item>
                    <Item onSelect={then(addDocuments)}>Add documents</Item>
                  </Group>
                  <Group heading="Go to">
                    {places.map(({ href, name }) => (
                      <Item key={href} value={`Go to ${name}`} onSelect={then(() => navigate(href))}>
                        {name}
                      </Item>
                    ))}
                    <Item value="Go to Runs" onSelect={then(() => navigate('/runs'))}>
                      Runs
                    </Item>
                    <Item value="Go to API reference" onSelect={then(() => window.location.assign('/docs'))}>
                      API reference
                    </Item>
                  </Group>
                </>
              ) : null}
              <Group heading="Collections">
                {collections.map(({ id, name, files }) => (
                  <Item key={id} value={`${name} ${id}`} onSelect={then(() => choose(id))}>
                    <span className="min-w-0 flex-1 truncate">{name}</span>
                    <span className="numbers text-small text-ink-faint">{files}</span>
                    {id === current?.id ? <Check size={14} aria-label="current" /> : null}
                  </Item>
                ))}
                {typed.trim() === '' ? (
                  everything ? null : (
                    <p className="px-2 py-2 text-small text-ink-faint">
                      Type a name to make a new collection.
                    </p>
                  )
                ) : (
                  <Item value={`New collection ${typed}`} onSelect={then(() => create(typed.trim()))}>
                    New collection “{typed.trim()}”
                  </Item>
                )}
              </Group>
              {everything ? (
                <Group heading="Look">
                  {themes.map((one) => (
                    <Item key={one} value={`Theme ${one}`} onSelect={then(() => setTheme(one))}>
                      <span className="flex-1">{themeNames[one]} theme</span>
                      {one === theme ? <Check size={14} aria-label="current" /> : null}
                    </Item>
                  ))}
                  {keyGiven ? null : <Item onSelect={then(() => forgetKey())}>Remove the API key</Item>}
                </Group>
              ) : null}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const Group = ({ heading, children }: { readonly heading: string; readonly children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="pb-2 [&>[cmdk-group-heading]]:px-2 [&>[cmdk-group-heading]]:py-1 [&>[cmdk-group-heading]]:text-small [&>[cmdk-group-heading]]:text-ink-faint"
  >
    {children}
  </Command.Group>
);

function Item({
  value,
  onSelect,
  children,
}: {
  readonly value?: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      {...(value === undefined ? {} : { value })}
      onSelect={onSelect}
      className="flex h-8 items-center gap-3 rounded-small px-2 data-[selected=true]:bg-held max-desk:h-10"
    >
      {children}
    </Command.Item>
  );
}
