import type OpenAI from 'openai';

const texts = new Map<string, Promise<string>>();

/** The file's blocks joined as the contract says; kept, since many questions cite the same file. */
export function parsedText(client: OpenAI, vectorStoreId: string, fileId: string): Promise<string> {
  const kept = texts.get(fileId) ?? readText(client, vectorStoreId, fileId);
  texts.set(fileId, kept);
  return kept;
}

async function readText(client: OpenAI, vectorStoreId: string, fileId: string): Promise<string> {
  const blocks: string[] = [];
  for await (const block of client.vectorStores.files.content(fileId, { vector_store_id: vectorStoreId })) {
    blocks.push(block.text ?? '');
  }
  return blocks.join('\n\n');
}
