import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

const veil = 'fixed inset-0 z-20 bg-veil';

/** A question that must be answered first; Esc and the veil close it. */
export function Dialog({ open, onClose, title, children }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={veil} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-1/4 left-1/2 z-30 w-[calc(100vw-32px)] max-w-md -translate-x-1/2 rounded-box border border-line bg-paper p-6 shadow-lifted"
        >
          <Radix.Title className="text-read font-semibold">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A pane that has no room beside the page: it rises from the lower edge, brings its own header, and leaves the page's top in sight. */
export function Sheet({ open, onClose, title, children }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={veil} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-30 flex h-[86dvh] flex-col rounded-t-box border-t border-line bg-paper shadow-lifted"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
