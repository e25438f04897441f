/** Milliseconds since the epoch. A parameter wherever time decides something, so that tests own it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** OpenAI's `created_at`: whole seconds since the epoch. */
export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** In milliseconds, as everything that a `Clock` is compared with. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
