import { env, runInDurableObject } from 'cloudflare:test';
import { sqlPort } from '../../durable-objects/sql-port.ts';
import { sqlPortContract } from '../contracts/sql-port.ts';

let objects = 0;

sqlPortContract('a Durable Object', async (work) => {
  objects += 1;
  const stub = env.LEDGER.getByName(`sql-port-${objects}`);
  await runInDurableObject(stub, (_object, state) => work(sqlPort(state.storage)));
});
