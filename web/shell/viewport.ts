import { useSyncExternalStore } from 'react';

/** The widths of `tokens.css`, for the few places where a layout has other elements, not only other styles. */
const query = (text: string) => {
  const media = window.matchMedia(text);
  const subscribe = (listener: () => void) => {
    media.addEventListener('change', listener);
    return () => media.removeEventListener('change', listener);
  };
  return () => useSyncExternalStore(subscribe, () => media.matches);
};

export const useDesk = query('(min-width: 800px)');
export const useWide = query('(min-width: 1120px)');
