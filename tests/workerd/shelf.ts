import { env } from 'cloudflare:test';
import { asId, newId } from '../../core/identifier.ts';
import type { FileAttributes } from '../../core/retrieve/filter.ts';
import { type Passage, passageId, passageText } from '../../core/retrieve/passage.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import type { Account } from './access.ts';
import { compose } from './services.ts';

export interface Given {
  readonly title?: string;
  readonly text: string;
  readonly attributes?: FileAttributes;
}

/** A vector store whose passages are written to both indexes as ingestion leaves them, one file a passage. */
export class Shelf {
  readonly account: Account;
  readonly id: string;

  private constructor(account: Account, id: string) {
    this.account = account;
    this.id = id;
  }

  static async of(account: Account, contents: readonly Given[]): Promise<Shelf> {
    const made = await account.send('POST', '/v1/vector_stores', { name: 'shelf' });
    const { id } = await made.json<{ id: string }>();
    const shelf = new Shelf(account, id);
    await shelf.put(contents);
    return shelf;
  }

  async put(contents: readonly Given[]): Promise<readonly Passage[]> {
    const { embedder, passages, vectors } = compose(env);
    const made = contents.map(({ title = '', text }) => ({ ...this.#passage(title, text) }));
    const { root } = new Trace('test', compose(env));
    const values = await embedder.embed(made.map(passageText), 'passage', root);
    for (const [index, passage] of made.entries()) {
      const attributes = contents[index]?.attributes ?? {};
      const { vectorStoreId, fileId, filename } = passage;
      await passages.write(this.account.tenantId, { vectorStoreId, fileId, filename, attributes }, [passage]);
    }
    await vectors.write(
      this.account.tenantId,
      made.map(({ id, vectorStoreId, fileId }, index) => ({
        passageId: id,
        vectorStoreId,
        fileId,
        values: values[index] ?? [],
      })),
    );
    return made;
  }

  search(body: Readonly<Record<string, unknown>>): Promise<Response> {
    return this.account.send('POST', `/v1/vector_stores/${this.id}/search`, body);
  }

  /** The texts of the results, best first. */
  async find(body: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    const response = await this.search(body);
    const page = await response.json<SearchPage>();
    if (response.status !== 200) throw new Error(JSON.stringify(page));
    return page.data.map((result) => result.content[0]?.text ?? '');
  }

  #passage(title: string, text: string): Passage {
    const fileId = newId('file');
    return {
      id: passageId(newId('doc'), newId('g'), 0),
      vectorStoreId: asId(this.id),
      fileId,
      filename: `${fileId}.md`,
      ordinal: 0,
      title,
      text,
      start: 0,
      end: text.length,
      page: null,
      pageEnd: null,
      pageBreaks: [],
    };
  }
}

export interface SearchPage {
  readonly object: string;
  readonly search_query: readonly string[];
  readonly has_more: boolean;
  readonly next_page: string | null;
  readonly data: readonly {
    readonly file_id: string;
    readonly filename: string;
    readonly score: number;
    readonly attributes: FileAttributes;
    readonly content: readonly { readonly type: string; readonly text: string }[];
  }[];
}
