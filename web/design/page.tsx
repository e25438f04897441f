import type { ReactNode } from 'react';

/** A page with a title of its own: one column, scrolling by itself, its actions beside the title. */
export function Page({
  title,
  actions,
  children,
  width = 'max-w-5xl',
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly width?: string;
}) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={typeof title === 'string' ? title : undefined}
      className="h-full overflow-y-auto outline-none"
    >
      <div className={`mx-auto ${width} px-4 py-6 desk:px-8 desk:py-8`}>
        <header className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2">
          {/* A title gives way to its actions only down to a width at which it is still words. */}
          <h1 className="min-w-[min(100%,16rem)] flex-1 text-title font-semibold tracking-tight [overflow-wrap:anywhere]">
            {title}
          </h1>
          {actions}
        </header>
        {children}
      </div>
    </section>
  );
}
