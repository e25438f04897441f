import { applyD1Migrations, env } from 'cloudflare:test';
import { afterEach, expect } from 'vitest';
import { documented, undocumented } from './service.ts';

await applyD1Migrations(env.DB, env.MAIN_MIGRATIONS);
await applyD1Migrations(env.SEARCH, env.SEARCH_MIGRATIONS);
// Here, so that no test pays for it with its time.
await documented();

afterEach(() => {
  expect(undocumented(), 'answers that /openapi.json does not describe').toEqual([]);
});
