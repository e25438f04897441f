import type { TenantId } from '../../identifier.ts';
import { call, defineAgent } from '../graph.ts';
import type { Tool } from '../tool.ts';

/**
 * `example-refund`: an agent without a model. It lets anyone try interrupts, forks and crashes, and is the
 * quick start of docs/how-to/write-an-agent.md. The refund is only recorded: the book is the outside world.
 */
export interface RefundBook {
  /** Writes one entry. Not idempotent, as payments are not: it counts how often it was asked. */
  record(refund: RecordedRefund): Promise<void>;
  find(tenantId: TenantId, key: string): Promise<RecordedRefund | null>;
}

export interface RecordedRefund extends Refund {
  readonly tenantId: TenantId;
  /** The effect's key, which is also the receipt. */
  readonly key: string;
}

// Types, not interfaces: only these are assignable to JSON.
export type Refund = { readonly order: string; readonly amount: number };
type Receipt = Refund & { readonly receipt: string };

type RefundState = Refund & {
  readonly needs_person: boolean;
  readonly receipt: string | null;
  readonly refused_because: string | null;
};

/** Exactly this much is still refunded without asking. */
const LIMIT = 10;

const refundSchema = {
  type: 'object' as const,
  properties: {
    order: { type: 'string' as const, minLength: 1, maxLength: 200 },
    amount: { type: 'number' as const, exclusiveMinimum: 0 },
  },
  required: ['order', 'amount'],
  additionalProperties: false,
};

const receiptSchema = {
  ...refundSchema,
  properties: { ...refundSchema.properties, receipt: { type: 'string' as const } },
  required: ['order', 'amount', 'receipt'],
};

export const issueRefund = (book: RefundBook): Tool<Refund, Receipt> => ({
  name: 'issue_refund',
  description: 'Pays the amount of an order back.',
  repeatability: 'once',
  parameters: refundSchema,
  result: receiptSchema,
  needsPerson: ({ order, amount }) => (amount > LIMIT ? `Refund ${amount} for order ${order}?` : null),
  async run({ order, amount }, { tenantId, key }) {
    await book.record({ tenantId, key, order, amount });
    return { order, amount, receipt: key };
  },
  async verify(_args, { tenantId, key }) {
    const found = await book.find(tenantId, key);
    if (found === null) return { kind: 'not-done' };
    return { kind: 'done', result: { order: found.order, amount: found.amount, receipt: found.key } };
  },
});

export function refundAgent(book: RefundBook) {
  const tool = issueRefund(book);
  return defineAgent<RefundState, 'start' | 'assess' | 'issue' | 'end'>({
    name: 'example-refund',
    title: 'Refund (example)',
    description: `Refunds an order: up to ${LIMIT} at once, above that when a person agrees. The refund is only recorded.`,
    inputSchema: refundSchema,
    start: 'start',
    nodes: {
      start: {
        run: () => ({ receipt: null, refused_because: null }),
        next: 'assess',
      },
      assess: {
        run: ({ amount }) => ({ needs_person: amount > LIMIT }),
        next: 'issue',
      },
      issue: {
        *run({ order, amount }) {
          const reply = yield* call(tool, { order, amount });
          if (reply.kind === 'rejected') return { refused_because: reply.reason ?? 'no reason was given' };
          // A person may have edited them.
          return { order: reply.args.order, amount: reply.args.amount, receipt: reply.result.receipt };
        },
        next: 'end',
      },
      end: {
        run: () => ({}),
        next: null,
      },
    },
    output: ({ order, amount, receipt }) => ({ order, amount, receipt }),
  });
}
