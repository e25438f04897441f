import { toFile } from 'openai';
import type { Account } from './access.ts';
import { openai } from './openai.ts';

/** A vector store with these Markdown files, indexed; answers its id. */
export async function library(account: Account, files: Readonly<Record<string, string>>): Promise<string> {
  const client = openai(account);
  const store = await client.vectorStores.create({ name: 'Library' });
  for (const [name, text] of Object.entries(files)) {
    const file = await client.files.create({
      file: await toFile(new TextEncoder().encode(text), name),
      purpose: 'assistants',
    });
    const indexed = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id });
    if (indexed.status !== 'completed')
      throw new Error(`${name} ended ${indexed.status}: ${indexed.last_error?.message}`);
  }
  return store.id;
}

export const shop = {
  'warranty.md': `# Warranty

Frames are guaranteed for ten years from the day of purchase. Forks and wheels are guaranteed for two years.

Batteries are guaranteed for 1,000 charging cycles. The warranty does not cover wear of tyres, chains and brake pads.
`,
  'returns.md': `# Returns

You may return a bicycle within 30 days if it has not been ridden outdoors. Refunds are paid within five working days to the card that was charged.
`,
  'opening.md': `# Opening hours

The workshop in Lisbon is open from Tuesday to Saturday, nine to six. The shop is closed on Sundays and Mondays.
`,
};
