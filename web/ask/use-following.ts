import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the lower edge within which a reader counts as being at the end. */
const AT_END = 48;

/**
 * Keeps the end of a growing list in view, until its reader scrolls up; then it stays where it is read, and
 * `following` is false until `follow` or until the reader is at the end again.
 */
export function useFollowing(content: readonly unknown[]): {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly following: boolean;
  readonly follow: () => void;
} {
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const asked = content.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the growth that must be followed
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && following) element.scrollTop = element.scrollHeight;
  }, [content, following]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question is always shown
  useEffect(() => setFollowing(true), [asked]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () =>
      setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < AT_END);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);
  return { scroller, following, follow: () => setFollowing(true) };
}
