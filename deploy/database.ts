import { z } from 'zod';
import type { CloudflareApi } from './cloudflare-api.ts';
import { DeployFailure } from './deploy-failure.ts';

/** Runs one statement in a D1 database of the account. Parameters are text, as the REST API has them. */
export async function queryDatabase<Row>(
  api: CloudflareApi,
  databaseId: string,
  sql: string,
  params: readonly string[],
  row: z.ZodType<Row>,
): Promise<Row[]> {
  const answers = z.array(z.object({ success: z.boolean(), results: z.array(row) }));
  const [answer] = await api.send('POST', `d1/database/${databaseId}/query`, { sql, params }, answers);
  if (answer?.success !== true) throw new DeployFailure(`D1 refused: ${sql}`);
  return answer.results;
}
