import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** A question that must be answered first; Esc and the veil close it. */
export const Dialog = (props: Props) => (
  <Modal
    {...props}
    titleClass="text-read font-semibold"
    className="fixed top-1/4 left-1/2 z-30 w-[calc(100vw-32px)] max-w-md -translate-x-1/2 rounded-box border border-line bg-paper p-6 shadow-lifted"
  />
);

/** A pane that has no room beside the page: it rises from the lower edge, brings its own header, and leaves the page's top in sight. */
export const Sheet = (props: Props) => (
  <Modal
    {...props}
    titleClass="sr-only"
    className="fixed inset-x-0 bottom-0 z-30 flex h-[86dvh] flex-col rounded-t-box border-t border-line bg-paper shadow-lifted"
  />
);

function Modal({
  open,
  onClose,
  title,
  children,
  className,
  titleClass,
}: Props & { readonly className: string; readonly titleClass: string }) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-20 bg-veil" />
        <Radix.Content aria-describedby={undefined} className={className}>
          <Radix.Title className={titleClass}>{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
