import type { Message } from '../models/conversation.ts';
import type { Scope } from '../scope.ts';

/** An answer that was kept, in its own words and as the object that its caller got. */
export interface StoredResponse {
  readonly id: string;
  readonly previousId: string | null;
  readonly traceId: string;
  readonly model: string;
  /** Null where no prompt version was used. */
  readonly promptVersion: string | null;
  readonly question: string;
  readonly answer: string;
  /** The messages that this turn added to its conversation, the answer the last of them. */
  readonly turn: readonly Message[];
  /** The response object of the public API, opaque to the core. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
}

type Tenant = Pick<Scope, 'tenantId'>;

export interface ResponseStore {
  save(scope: Tenant, response: StoredResponse): Promise<void>;
  find(scope: Tenant, id: string): Promise<StoredResponse | null>;
  /** Those of these ids that are there, in no order. */
  findAll(scope: Tenant, ids: readonly string[]): Promise<readonly StoredResponse[]>;
  /** The messages of the conversation that ends with this response, oldest first; null when there is none such. */
  conversation(scope: Tenant, id: string): Promise<readonly Message[] | null>;
  /** False when there is none such. Later turns of its conversation stay, and lose what was before. */
  remove(scope: Tenant, id: string): Promise<boolean>;
}
