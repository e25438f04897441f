import { applyD1Migrations, env } from 'cloudflare:test';
import { afterEach, expect } from 'vitest';
import { undocumented } from './service.ts';

await applyD1Migrations(env.DB, env.MAIN_MIGRATIONS);
await applyD1Migrations(env.SEARCH, env.SEARCH_MIGRATIONS);

afterEach(() => {
  expect(undocumented(), 'answers that /openapi.json does not describe').toEqual([]);
});
