import type { ResponseId, TenantId, TraceId } from '../identifier.ts';
import type { Message } from '../models/conversation.ts';

/** An answer that was kept, in its own words and as the object that its caller got. */
export interface StoredResponse {
  readonly id: ResponseId;
  readonly previousId: ResponseId | null;
  readonly traceId: TraceId;
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

export interface ResponseRepository {
  save(tenantId: TenantId, response: StoredResponse): Promise<void>;
  find(tenantId: TenantId, id: ResponseId): Promise<StoredResponse | null>;
  /** Those of these ids that are there, in no order. */
  findAll(tenantId: TenantId, ids: readonly ResponseId[]): Promise<readonly StoredResponse[]>;
  /** The messages of the conversation that ends with this response, oldest first; null when there is no such response. */
  conversation(tenantId: TenantId, id: ResponseId): Promise<readonly Message[] | null>;
  /** False when there is no such response. Later turns of its conversation stay, and lose what was before. */
  remove(tenantId: TenantId, id: ResponseId): Promise<boolean>;
}
