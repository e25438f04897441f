import { expect, test } from 'vitest';
import { hostileFiles } from '../hostile/files.ts';
import { mutations } from '../hostile/mutate.ts';
import { faultOf, readHostile } from '../hostile/run.ts';
import { seeds } from '../hostile/seeds.ts';

/** The whole suite is `npm run test:crash -- tests/crash/hostile.test.ts`. */
const EVERY = 5;

const made = hostileFiles();

test('ING-40: a sample of the hostile files, every fifth of the broken ones: read, or refused for a true reason', async () => {
  const broken = (await made).filter(({ bytes }) => bytes.length < 200_000);
  const faults: string[] = [];
  for await (const result of readHostile(broken.filter((_, at) => at % EVERY === 0))) {
    const fault = faultOf(result, { cpu: false });
    if (fault !== null) faults.push(fault);
  }
  expect(faults).toEqual([]);
}, 120_000);

test('the hostile files are the same in every run, and of every format and every kind of damage', async () => {
  const names = (await made).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect((await hostileFiles()).map(({ name }) => name)).toEqual(names);
  for (const mutation of Object.keys(mutations)) expect(names.join(' ')).toContain(` ${mutation}-`);
  for (const { name } of await seeds())
    expect(names.filter((one) => one.endsWith(`-${name}`)).length).toBeGreaterThan(2);
}, 120_000);
