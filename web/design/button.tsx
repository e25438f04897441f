import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Weight = 'primary' | 'plain' | 'quiet';

const weights: Readonly<Record<Weight, string>> = {
  primary:
    'bg-indigo-fill text-on-indigo hover:bg-indigo-fill-held disabled:bg-held disabled:text-ink-faint px-3',
  plain: 'border border-line-strong text-ink hover:bg-held disabled:text-ink-faint disabled:border-line px-3',
  quiet: 'text-ink-soft hover:bg-held hover:text-ink disabled:text-ink-faint px-2',
};

/** 32 px on a desk, 40 px under a thumb. */
const shape =
  'inline-flex h-8 max-desk:h-10 shrink-0 items-center justify-center gap-2 rounded-small text-base font-medium whitespace-nowrap disabled:cursor-default';

export function Button({
  weight = 'plain',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly weight?: Weight }) {
  return <button type="button" className={`${shape} ${weights[weight]} ${className}`} {...rest} />;
}

/** A button that is only an icon: `label` is its accessible name and its tooltip. */
export function IconButton({
  label,
  className = '',
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly label: string; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-8 max-desk:size-10 shrink-0 items-center justify-center rounded-small text-ink-soft hover:bg-held hover:text-ink disabled:text-ink-faint disabled:hover:bg-transparent ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}

/** A key as it is written on a keyboard; a reminder beside a control, never its only name. */
export function Key({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-small border border-line px-1 font-mono text-small text-ink-faint max-desk:hidden">
      {children}
    </kbd>
  );
}
