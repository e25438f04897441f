import type { KeyId, TenantId } from './identifier.ts';
/** What a key may do. `admin` manages keys and reads every usage row of its own tenant. */
export const keyScopes = ['read', 'write', 'agents', 'evals', 'admin'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** On whose behalf work is done. Every read and write of every index, cache and log is bound to it. */
export interface Scope {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  readonly scopes: readonly KeyScope[];
}
