import { env } from 'cloudflare:test';
import { describe, expect, inject, test } from 'vitest';
import type { Environment } from '../../adapters/environment.ts';
import { asId } from '../../core/identifier.ts';
import { search } from '../../core/retrieve/search.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { newTenant } from './access.ts';
import { compose } from './services.ts';
import { Shelf } from './shelf.ts';

/** What the bindings throw when the service behind them has no room, or is away. */
const overloaded = () =>
  Object.assign(new Error('3040: Capacity temporarily exceeded, please try again.'), {
    name: 'InferenceUpstreamError',
  });
const away = () => Promise.reject(overloaded());

describe.skipIf(!inject('models').embedding)('a search while something is away', () => {
  test.each<[string, Partial<Environment>, string]>([
    ['Workers AI', { AI: { run: away } as unknown as Ai }, 'dense.unavailable'],
    ['Vectorize', { VECTORIZE: { query: away } as unknown as Vectorize }, 'dense.unavailable'],
  ])(
    '%s: full text answers, and the trace says what was missing',
    async (_name, broken, attribute) => {
      const account = await newTenant();
      const shelf = await Shelf.of(account, [{ text: 'The battery is covered for two years.' }]);
      const services = compose({ ...env, ...broken });
      const trace = new Trace('test', services);
      const { hits } = await search(
        services,
        { tenantId: account.tenantId, span: trace.root, afford: async () => undefined },
        { queries: ['battery'], vectorStoreIds: [asId(shelf.id)], limit: 10 },
      );
      expect(hits.map((hit) => hit.passage.text)).toEqual(['The battery is covered for two years.']);
      const span = trace.spans.find((record) => record.name === 'retrieve');
      expect(span?.attributes).toHaveProperty([attribute]);
    },
    60_000,
  );
});
