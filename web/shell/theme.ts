import { useSyncExternalStore } from 'react';

/** Light, dark, or what the system says. `public/theme.js` applies the stored choice before the first paint. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const themeNames: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

const STORED_THEME = 'selvedge.theme';
const listeners = new Set<() => void>();

function stored(): Theme {
  const found = localStorage.getItem(STORED_THEME);
  return found === 'light' || found === 'dark' ? found : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(STORED_THEME);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(STORED_THEME, theme);
    document.documentElement.dataset.theme = theme;
  }
  for (const listener of listeners) listener();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
