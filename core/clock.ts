/** Milliseconds since the epoch. A parameter wherever time decides something, so that tests own it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** OpenAI's `created_at`: whole seconds since the epoch. */
export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
