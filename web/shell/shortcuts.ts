import { useEffect, useRef } from 'react';

/** Keys that act on the whole page. While somebody types, only those with ⌘ or Ctrl do. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="combobox"]'));

/** Names, in lower case: `j`, `/`, `enter`, `escape`, `mod+k` (⌘ on a Mac, Ctrl elsewhere). */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey;
      const name = event.key.toLowerCase();
      const work = latest.current[mod ? `mod+${name}` : name];
      if (work === undefined || event.altKey || event.defaultPrevented) return;
      if (!mod && isTyping(event.target)) return;
      // A dialog has the keyboard to itself.
      if (!mod && document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      work(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
