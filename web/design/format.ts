/** Numbers and times as the pages write them. All take the reader's locale except money, which is US dollars. */
const whole = new Intl.NumberFormat();
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export const count = (value: number): string => whole.format(value);

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `840 ms` below a second, `1.24 s` above. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;

/** Requests cost fractions of a cent: four decimals below a dollar and six below a tenth of a cent, so that columns align. */
export function dollars(value: number | string): string {
  const amount = Number(value);
  if (amount === 0) return '$0';
  return `$${amount.toFixed(amount >= 1 ? 2 : amount >= 0.001 ? 4 : 6)}`;
}

export const onDay = (at: number | string): string => day.format(new Date(at));
export const atTime = (at: number | string): string => clock.format(new Date(at));
export const atMoment = (at: number | string): string => moment.format(new Date(at));

/** `just now`, `4 min ago`, `3 h ago`, then the day. */
export function ago(at: number | string, now = Date.now()): string {
  const minutes = Math.floor((now - new Date(at).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return onDay(at);
}
