/**
 * SQL for a sum of picodollars that cannot overflow. SQLite's `sum()` of integers throws beyond 2^63, 9.2 million USD of
 * picodollars, and one such row would take the whole report with it; `total()` is a double and loses the last digits
 * already beyond 9,007 USD. So whole microdollars and the rest are summed apart, each as integers up to 9.2 × 10¹² USD,
 * and put together as the double that JavaScript would make of them: exact up to 9,007 USD, the nearest above.
 */
export function sumOfMoney(column: string, condition?: string): string {
  const filter = condition === undefined ? '' : ` FILTER (WHERE ${condition})`;
  const sum = (value: string) => `coalesce(sum(${value})${filter}, 0)`;
  return `(${sum(`${column} / 1000000`)} * 1000000.0 + ${sum(`${column} % 1000000`)})`;
}
