import { type RefObject, useEffect, useState } from 'react';

/** Pixels; a corner of the thread. */
const BEND = 8;

/**
 * The red thread itself: from the chosen citation along the foot of its line into the gutter, and from there to
 * the bar beside the quoted passage. It follows both as they scroll, and is gone where either is out of sight.
 */
export function ThreadLine({ within }: { readonly within: RefObject<HTMLElement | null> }) {
  const [path, setPath] = useState<string | null>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      setPath(within.current === null ? null : threadIn(within.current));
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const changes = new MutationObserver(soon);
    const sizes = new ResizeObserver(soon);
    if (within.current !== null) {
      changes.observe(within.current, { subtree: true, childList: true, attributeFilter: ['data-thread'] });
      sizes.observe(within.current);
    }
    document.addEventListener('scroll', soon, { capture: true, passive: true });
    soon();
    return () => {
      changes.disconnect();
      sizes.disconnect();
      document.removeEventListener('scroll', soon, { capture: true });
      cancelAnimationFrame(frame);
    };
  }, [within]);
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full text-thread">
      {path === null ? null : <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" />}
    </svg>
  );
}

function threadIn(frame: HTMLElement): string | null {
  const from = frame.querySelector('[data-thread="from"]');
  const to = frame.querySelector('[data-thread="to"]');
  const text = to?.closest('section');
  const pane = frame.querySelector('[data-pane]');
  const scroller = from?.closest('[data-scroller]');
  if (from == null || to == null || text == null || pane == null || scroller == null) return null;
  const origin = frame.getBoundingClientRect();
  const start = from.getBoundingClientRect();
  const bar = to.getBoundingClientRect();
  const seen = text.getBoundingClientRect();
  const read = scroller.getBoundingClientRect();
  const y1 = start.bottom - 1;
  const y2 = Math.max(bar.top, seen.top) + Math.min(12, bar.height / 2);
  if (y1 < read.top || y1 > read.bottom || y2 > Math.min(bar.bottom, seen.bottom)) return null;
  const gutter = pane.getBoundingClientRect().left - 20;
  return bent(
    start.right - origin.left,
    y1 - origin.top,
    gutter - origin.left,
    bar.left - 16 - origin.left,
    y2 - origin.top,
  );
}

/** Along, down (or up), along, with round corners. */
function bent(x1: number, y1: number, gutter: number, x2: number, y2: number): string {
  const fall = y2 - y1;
  const bend = Math.min(BEND, Math.abs(fall) / 2);
  const turn = Math.sign(fall) * bend;
  return `M${x1} ${y1}H${gutter - bend}q${bend} 0 ${bend} ${turn}V${y2 - turn}q0 ${turn} ${bend} ${turn}H${x2}`;
}
