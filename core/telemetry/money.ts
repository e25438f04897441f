/**
 * Money is a whole number of picodollars (1e-12 USD), so that sums are exact: a tenth of a cent per million
 * tokens is 1,000 picodollars a token. `number` holds such a sum exactly up to 9,007 USD, far above any
 * single request; sums over many requests are made by SQLite in 64-bit integers (up to 9.2 million USD).
 */
export type Money = number & { readonly __unit: 'picodollars' };

export const noMoney = 0 as Money;
const PICODOLLARS_IN_A_DOLLAR = 1e12;

/** Rounds half up to the next picodollar. Throws `RangeError` on a negative or non-finite amount. */
export function dollars(amount: number): Money {
  if (!Number.isFinite(amount) || amount < 0)
    throw new RangeError(`Cannot use ${amount} as an amount of dollars`);
  return Math.round(amount * PICODOLLARS_IN_A_DOLLAR) as Money;
}

export const picodollars = (amount: number): Money => amount as Money;

export const addMoney = (a: Money, b: Money): Money => (a + b) as Money;

/** As JSON says it: the nearest double to the exact decimal. */
export const inDollars = (money: Money): number => Number(decimal(money));

/** A plain decimal without exponent or trailing zeros: `0.00001234`. */
export function decimal(money: Money): string {
  const digits = BigInt(money).toString().padStart(13, '0');
  const whole = digits.slice(0, -12);
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
