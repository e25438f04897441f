import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentCollection, TestDocument } from '../retrieval/test-collection.ts';

/** The Markdown pages of a folder as a collection: each a file under its own name, as a user uploads it. */
export async function readPages(folder: string, name: string): Promise<DocumentCollection> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.md')).toSorted();
  const documents: TestDocument[] = [];
  const hash = createHash('sha256');
  for (const filename of names) {
    const text = await readFile(join(folder, filename), 'utf8');
    hash.update(`${filename}\n${text}\n`);
    documents.push({ id: filename.replace(/\.md$/, ''), title: '', text, filename });
  }
  return { name, sha256: hash.digest('hex'), documents };
}
