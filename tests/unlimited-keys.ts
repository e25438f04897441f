import type { KeyRepository } from '../core/access/key.ts';

/** Keys for runs that no limit should stop: whichever is asked for is there, without budgets or rates. */
export const unlimitedKeys: Pick<KeyRepository, 'find'> = {
  find: async (tenantId, id) => ({
    id,
    tenantId,
    name: 'unlimited',
    scopes: ['agents'],
    budgets: {},
    rates: {},
    createdAt: 0,
  }),
};
