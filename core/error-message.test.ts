import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';
import { errorMessage, errorReport } from './error-message.ts';
import { systemRandom } from './identifier.ts';
import { Trace } from './telemetry/trace.ts';

describe('SEC-17: the values of a query are said nowhere', () => {
  const secret = 'my question about my illness';
  const error = new DrizzleQueryError(
    'insert into "responses" values (?)',
    [secret],
    new Error('D1_ERROR: too big'),
  );

  test('the library itself says them', () => expect(error.message).toContain(secret));

  test('not in a row or a log', () => {
    expect(errorMessage(error)).toBe('Query failed: insert into "responses" values (?): D1_ERROR: too big');
    expect(errorReport(error)).not.toContain(secret);
  });

  test('not in a span', async () => {
    const trace = new Trace('test', { clock: () => 0, random: systemRandom });
    await expect(trace.root.within('save', {}, () => Promise.reject(error))).rejects.toBe(error);
    expect(JSON.stringify(trace.spans)).not.toContain(secret);
  });
});
