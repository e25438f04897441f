import { type RefObject, useEffect, useState } from 'react';

/** Pixels: a corner of the thread, and how far left of a quoted block its bar stands (documents/document-text.tsx). */
const BEND = 8;
const BAR = 16;

interface Path {
  /** Between two lines of text: sewn, so that it does not read as their underline. */
  readonly sewn: string;
  readonly drawn: string;
}

/**
 * The red thread itself: from the chosen citation along the foot of its line into the gutter, and from there to
 * the bar beside the quoted passage. It follows both as they scroll, and is gone where either is out of sight.
 */
export function ThreadLine({ within }: { readonly within: RefObject<HTMLElement | null> }) {
  const [path, setPath] = useState<Path | null>(null);
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
      {path === null ? null : (
        <g fill="none" stroke="currentColor" strokeWidth="1.5">
          <path d={path.sewn} strokeDasharray="1.5 4.5" strokeLinecap="round" />
          <path d={path.drawn} />
        </g>
      )}
    </svg>
  );
}

function threadIn(frame: HTMLElement): Path | null {
  const from = frame.querySelector('[data-thread="from"]');
  const to = frame.querySelector('[data-thread="to"]');
  const column = from?.closest('article');
  const text = to?.closest('section');
  const pane = frame.querySelector('[data-pane]');
  const scroller = from?.closest('[data-scroller]');
  if (from == null || to == null || column == null || text == null || pane === null || scroller == null) {
    return null;
  }
  const origin = frame.getBoundingClientRect();
  const start = from.getBoundingClientRect();
  const bar = to.getBoundingClientRect();
  const seen = text.getBoundingClientRect();
  const read = scroller.getBoundingClientRect();
  const foot = start.bottom + 0.5;
  const height = Math.max(bar.top, seen.top) + Math.min(12, bar.height / 2);
  if (foot < read.top || foot > read.bottom || height > Math.min(bar.bottom, seen.bottom)) return null;
  const edge = column.getBoundingClientRect().right - origin.left;
  const gutter = Math.max(edge + BEND, pane.getBoundingClientRect().left - 20 - origin.left);
  const y = foot - origin.top;
  return {
    sewn: `M${start.right - origin.left + 3} ${y}H${edge}`,
    drawn: bent(edge, y, gutter, bar.left - BAR - origin.left, height - origin.top),
  };
}

/** Along, down (or up), along, with round corners. */
function bent(x1: number, y1: number, gutter: number, x2: number, y2: number): string {
  const fall = y2 - y1;
  const bend = Math.min(BEND, Math.abs(fall) / 2);
  const turn = Math.sign(fall) * bend;
  return `M${x1} ${y1}H${gutter - bend}q${bend} 0 ${bend} ${turn}V${y2 - turn}q0 ${turn} ${bend} ${turn}H${x2}`;
}
