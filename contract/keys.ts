import { z } from 'zod';
import { Dollars, pageOf, Time } from './paging.ts';

export const KeyScope = z.enum(['read', 'write', 'agents', 'evals', 'admin']);
export type KeyScope = z.infer<typeof KeyScope>;

const Usd = z.number().nonnegative().max(1e6).optional();
const PerMinute = z.int().positive().optional();

/** In USD; a missing one is no limit. */
export const Budgets = z.strictObject({ day_usd: Usd, month_usd: Usd, total_usd: Usd });

/** In a sliding minute; a missing one is no limit. */
export const Rates = z.strictObject({ requests_per_minute: PerMinute, tokens_per_minute: PerMinute });

export const CreateKeyRequest = z
  .strictObject({
    name: z.string().min(1).max(200),
    tenant: z.string().optional(),
    scopes: z.array(KeyScope).min(1).optional(),
    budgets: Budgets.optional(),
    rates: Rates.optional(),
  })
  .meta({ id: 'CreateKeyRequest' });
export type CreateKeyRequest = z.infer<typeof CreateKeyRequest>;

const fields = {
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  scopes: z.array(KeyScope).readonly(),
  budgets: Budgets,
  rates: Rates,
  created_at: Time,
};

/** The only answer that ever holds the secret. */
export const CreatedKey = z.object({ ...fields, key: z.string() }).meta({ id: 'CreatedKey' });
export type CreatedKey = z.infer<typeof CreatedKey>;

export const Key = z
  .object({
    ...fields,
    spent_usd: z.object({ day: Dollars, month: Dollars, total: Dollars }),
    reserved_usd: Dollars,
  })
  .meta({ id: 'Key' });
export type Key = z.infer<typeof Key>;

export const KeyList = pageOf(Key).meta({ id: 'KeyList' });
export type KeyList = z.infer<typeof KeyList>;
