import { expect, test } from 'vitest';
import { defineConfig } from '../../adapters/configuration.ts';
import { configuredRetention } from '../../adapters/retention-configuration.ts';

test('DEP-11: a variable goes before the configuration, and that before the default; empty is unset', () => {
  const own = { spans: 7, feedback: 90 };
  expect(configuredRetention({}, own)).toEqual({
    spans: 7,
    requests: 400,
    responses: 30,
    evaluations: 400,
    feedback: 90,
  });
  const variables = { KEEP_SPANS_DAYS: '3', KEEP_FEEDBACK_DAYS: '' };
  expect(configuredRetention(variables, own)).toMatchObject({ spans: 3, feedback: 90 });
});

test('DEP-12: a variable that is no whole number of days is named, and so is a field of the configuration', () => {
  for (const wrong of ['a week', '0', '-3', '1.5', '99999', '1e9']) {
    expect(() => configuredRetention({ KEEP_REQUESTS_DAYS: wrong })).toThrow(
      /^No rows are deleted .*KEEP_REQUESTS_DAYS is '/,
    );
  }
  const agents = () => [];
  expect(() => defineConfig({ agents, keepDays: { spans: 0.5 } })).toThrow(/keepDays\.spans/);
  expect(() => defineConfig({ agents, keepDays: { traces: 3 } as never })).toThrow(/keepDays/);
});
