import { useEffect, useState } from 'react';

/** Longer than a hand that is already on its way; too short to be noticed by one that has read what it decides. */
const ARMING_MS = 500;

/**
 * True once what is shown has stood unchanged for a moment, so that a key or a click that was meant for what stood there
 * before decides nothing (AGT-31).
 */
export function useArmed(shown: string): boolean {
  const [armed, setArmed] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setArmed(shown), ARMING_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return armed === shown;
}
