import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMoney, decimal, dollars, inDollars, noMoney, picodollars } from './money.ts';

test('ten dimes are one dollar', () => {
  const dime = dollars(0.1);
  const sum = Array.from({ length: 10 }, () => dime).reduce(addMoney, noMoney);
  expect(decimal(sum)).toBe('1');
});

test('a decimal has no exponent and no trailing zeros', () => {
  expect(decimal(dollars(0.000001234))).toBe('0.000001234');
  expect(decimal(noMoney)).toBe('0');
  expect(decimal(dollars(12.5))).toBe('12.5');
});

test('what JSON says reads back to the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9e14 }), (amount) => {
      const money = picodollars(amount);
      expect(dollars(inDollars(money))).toBe(money);
    }),
  );
});

test('a negative or broken amount is refused', () => {
  for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => dollars(amount)).toThrow(RangeError);
  }
});
