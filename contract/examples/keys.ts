import type { CreatedKey, CreateKeyRequest, Key } from '../keys.ts';
import { at, ids } from './ids.ts';

export const createKeyRequest: CreateKeyRequest = {
  name: 'Support widget',
  scopes: ['read', 'write'],
  budgets: { day_usd: 5, month_usd: 100 },
  rates: { requests_per_minute: 60 },
};

const fields = {
  id: ids.key,
  name: 'Support widget',
  tenant: ids.tenant,
  scopes: ['read' as const, 'write' as const],
  budgets: { day_usd: 5, month_usd: 100 },
  rates: { requests_per_minute: 60 },
  created_at: at,
};

export const createdKey: CreatedKey = {
  ...fields,
  key: 'sk-4f3e2d1c0b9a88776655443322110ffeeddccbbaa9988776',
};

export const key: Key = {
  ...fields,
  spent_usd: { day: 0.0421, month: 3.18, total: 12.4 },
  reserved_usd: 0,
};
