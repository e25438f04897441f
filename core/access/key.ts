import type { Clock } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import { hex, type KeyId, newId, type Random, sha256, type TenantId } from '../identifier.ts';
import type { Page, PageRange } from '../page.ts';
import { type KeyScope, keyScopes, type Scope } from '../scope.ts';

/** In USD; a missing one is no limit. */
export interface Budgets {
  readonly day_usd?: number;
  readonly month_usd?: number;
  readonly total_usd?: number;
}

/** In a sliding minute; a missing one is no limit. */
export interface Rates {
  readonly requests_per_minute?: number;
  readonly tokens_per_minute?: number;
}

export interface Key {
  readonly id: KeyId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly budgets: Budgets;
  readonly rates: Rates;
  readonly createdAt: number;
}

export interface KeyRepository {
  /** The key whose secret has this hash, unless it is revoked. */
  findByHash(hash: string): Promise<Key | null>;
  /** Whether a tenant's admin may make keys for the other: it is its own, or was made there. */
  rules(tenantId: TenantId, other: TenantId): Promise<boolean>;
  /** Writes the key, and its tenant where it is new, made by another. */
  create(key: Key, hash: string, madeBy: TenantId): Promise<void>;
  /**
   * Writes the key of this id, with every scope, for the first tenant, which is made where there is none; where the key is
   * there with another hash, it gets this one and is no longer revoked.
   */
  choose(id: KeyId, hash: string, at: number): Promise<void>;
  /** The keys of a tenant and of those that its admins made, oldest first. */
  list(tenantId: TenantId, range: PageRange): Promise<Page<Key>>;
  /** One of these keys, or null. */
  find(tenantId: TenantId, id: KeyId): Promise<Key | null>;
  /** Revokes the key unless it is its tenant's last with the scope `admin`, also where two are revoked at once. */
  revoke(tenantId: TenantId, id: KeyId, at: number): Promise<'revoked' | 'last-admin' | 'unknown'>;
}

export interface KeyDependencies {
  readonly keys: KeyRepository;
  readonly clock: Clock;
  readonly random: Random;
}

/** One of them is enough. */
export function requireScope(scope: Scope, ...oneOf: readonly [KeyScope, ...KeyScope[]]): void {
  if (oneOf.some((needed) => scope.scopes.includes(needed))) return;
  throw new Failure('forbidden', `This API key does not have the scope '${oneOf.join("' or '")}'.`, {
    reason: 'missing_scope',
  });
}

export interface NewKey {
  readonly name: string;
  /** An existing tenant of the caller, or left out for a new one. */
  readonly tenantId?: TenantId;
  readonly scopes?: readonly KeyScope[];
  readonly budgets?: Budgets;
  readonly rates?: Rates;
}

const SECRET_BYTES = 24;

/**
 * Makes a key and answers its secret, the only time that it exists outside its hash. A key for another
 * existing tenant is not found: an admin rules its own tenant and the ones that it makes.
 */
export async function issueKey(
  deps: KeyDependencies,
  scope: Scope,
  wanted: NewKey,
): Promise<{ readonly key: Key; readonly secret: string }> {
  requireScope(scope, 'admin');
  if (wanted.tenantId !== undefined && !(await deps.keys.rules(scope.tenantId, wanted.tenantId))) {
    throw notFound('tenant', wanted.tenantId, 'tenant');
  }
  const secret = `sk-${hex(deps.random(new Uint8Array(SECRET_BYTES)))}`;
  const key: Key = {
    id: newId('key', deps.random),
    tenantId: wanted.tenantId ?? newId('tenant', deps.random),
    name: wanted.name,
    scopes: wanted.scopes ?? keyScopes.filter((name) => name !== 'admin'),
    budgets: wanted.budgets ?? {},
    rates: wanted.rates ?? {},
    createdAt: deps.clock(),
  };
  await deps.keys.create(key, await sha256(secret), scope.tenantId);
  return { key, secret };
}

/**
 * KEY-1. A tenant that has a key with the scope `admin` keeps one: without it, nobody could make or revoke its keys.
 *
 * @throws Failure `not_found`, or `conflict` for the last admin key.
 */
export async function revokeKey(
  deps: Pick<KeyDependencies, 'keys' | 'clock'>,
  scope: Scope,
  id: KeyId,
): Promise<void> {
  switch (await deps.keys.revoke(scope.tenantId, id, deps.clock())) {
    case 'unknown':
      throw notFound('key', id);
    case 'last-admin':
      throw new Failure(
        'conflict',
        `The key '${id}' is the last one of its tenant with the scope 'admin'. Make another before you revoke it.`,
        { reason: 'last_admin_key' },
      );
    case 'revoked':
      return;
  }
}
