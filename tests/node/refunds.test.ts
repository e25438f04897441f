import { expect, test } from 'vitest';
import { d1Refunds } from '../../adapters/d1-refunds.ts';
import { refundAgent } from '../../core/agent/examples/refund.ts';
import { newId } from '../../core/identifier.ts';
import { AgentBench } from '../agent-bench.ts';
import { d1OnNode } from './d1-on-node.ts';

test('a refund that is asked for twice under one key is recorded once, for its own tenant', async () => {
  const database = d1OnNode('main');
  const book = d1Refunds(database, () => 5);
  const tenantId = newId('tenant');
  const refund = { key: 'run:1:issue:issue_refund', tenantId, order: 'A-7', amount: 12 };
  await book.record(refund);
  await book.record({ ...refund, amount: 99 });
  expect(await book.find(tenantId, refund.key)).toEqual(refund);
  expect(await book.find(newId('tenant'), refund.key)).toBeNull();
  expect(await database.prepare('SELECT asked FROM example_refunds').first('asked')).toBe(2);
});

test('the example agent records a small refund at once, and a large one as the person changed it', async () => {
  const database = d1OnNode('main');
  const bench = new AgentBench(refundAgent(d1Refunds(database, () => 5)));
  const small = bench.start({ order: 'A', amount: 5 });
  expect((await bench.finish(small, () => ({ action: 'reject' }))).output).toMatchObject({ amount: 5 });
  const edited = new AgentBench(refundAgent(d1Refunds(database, () => 5)));
  const large = edited.start({ order: 'B', amount: 5_000 });
  const run = await edited.finish(large, ({ argsHash }) => ({
    action: 'edit',
    args: { order: 'B', amount: 50 },
    ...(argsHash === null ? {} : { argsHash }),
  }));
  expect(run).toMatchObject({ status: 'completed', output: { order: 'B', amount: 50 } });
});
