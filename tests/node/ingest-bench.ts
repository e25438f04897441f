import { d1Backlog } from '../../adapters/d1-backlog.ts';
import { d1Documents } from '../../adapters/d1-documents.ts';
import { d1Files } from '../../adapters/d1-files.ts';
import { d1Passages } from '../../adapters/d1-passages.ts';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { d1VectorStores } from '../../adapters/d1-vector-stores.ts';
import { memoryContents } from '../../adapters/memory/contents.ts';
import { memoryQueue } from '../../adapters/memory/queue.ts';
import { memoryVectors } from '../../adapters/memory/vectors.ts';
import type { Key } from '../../core/access/key.ts';
import { newId, systemRandom } from '../../core/identifier.ts';
import { attachFiles } from '../../core/ingest/attachment.ts';
import type { DocumentIds, StoredDocument } from '../../core/ingest/document.ts';
import { uploadFile } from '../../core/ingest/file.ts';
import { ingest } from '../../core/ingest/ingest.ts';
import type { DocumentParser } from '../../core/ingest/parser.ts';
import { findVectorStore } from '../../core/ingest/vector-store.ts';
import type { PageRecognizer } from '../../core/models/page-recognizer.ts';
import type { Embedder } from '../../core/models/ports.ts';
import { picodollars } from '../../core/telemetry/money.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { Ledgers } from '../ledgers.ts';
import { nodePages } from '../pdfium.ts';
import { d1OnNode } from './d1-on-node.ts';

const DIMENSIONS = 8;

/** The same text, the same vector; nothing else is promised of what lies near. */
const embedder: Embedder = {
  model: 'letters',
  dimensions: DIMENSIONS,
  worstCase: (texts) => picodollars(texts.length),
  embed: async (texts, _as, span) => {
    const cost = picodollars(texts.length);
    const call = { model: 'letters', operation: 'embeddings', provider: 'bench', outputTokens: 0 } as const;
    return span.within('embeddings', {}, async (made) => {
      made.use({ ...call, inputTokens: texts.length, cost });
      return texts.map((text) => {
        const values = new Array<number>(DIMENSIONS).fill(1);
        for (const letter of text) values[(letter.codePointAt(0) ?? 0) % DIMENSIONS] = letter.length + 1;
        return values;
      });
    });
  },
};

/** Reads nothing: a test that has pictures says what is in them. */
const recognizer: PageRecognizer = {
  model: 'blind',
  worstCase: () => picodollars(1),
  recognize: async () => '',
};

/**
 * Documents without a platform: the real adapters of D1 over `node:sqlite` with the real migrations, and contents,
 * vectors and the queue in memory. The clock stands still until a test moves it.
 */
export class IngestBench {
  readonly main = d1OnNode('main');
  readonly search = d1OnNode('search');
  readonly scope = { tenantId: newId('tenant'), keyId: newId('key'), scopes: [] };
  readonly queue = memoryQueue();
  readonly ledgers = new Ledgers(() => this.now);
  now = 1_000_000;
  /** The key that attaches; null once it is revoked. Every text that is embedded costs it a picodollar. */
  key: Key | null = {
    id: this.scope.keyId,
    tenantId: this.scope.tenantId,
    name: 'bench',
    scopes: ['write'],
    budgets: {},
    rates: {},
    createdAt: 0,
  };
  woken = 0;

  readonly deps = {
    parsers: [] as DocumentParser[],
    clock: () => this.now,
    random: systemRandom,
    files: d1Files(this.main),
    vectorStores: d1VectorStores(this.main),
    documents: d1Documents(this.main),
    backlog: d1Backlog(this.main),
    contents: memoryContents(),
    passages: d1Passages(this.search),
    vectors: memoryVectors(),
    ingestQueue: this.queue,
    embedder,
    recognizer,
    pictures: nodePages,
    ocrByDefault: false,
    keys: { find: async () => this.key },
    ledger: this.ledgers,
    requests: d1Requests(this.main),
    wakeSweeper: async () => {
      this.woken += 1;
    },
  };

  get tenantId() {
    return this.scope.tenantId;
  }

  trace() {
    return new Trace('test', this.deps);
  }

  async upload(text: string | Uint8Array, filename = 'notes.md') {
    const bytes = async function* () {
      yield typeof text === 'string' ? new TextEncoder().encode(text) : text;
    };
    const fields = async () => ({ purpose: 'assistants' as const, expiresAfter: null });
    return uploadFile(this.deps, this.scope, {
      filename,
      contentType: typeof text === 'string' ? 'text/markdown' : 'application/octet-stream',
      bytes: bytes(),
      fields,
    });
  }

  async store() {
    const id = newId('vs');
    await this.deps.vectorStores.create({
      id,
      tenantId: this.tenantId,
      name: 'shelf',
      description: null,
      metadata: {},
      expiresAfterDays: null,
      ocr: null,
      chunking: null,
      createdAt: this.now,
      lastActiveAt: this.now,
      expiredAt: null,
    });
    return findVectorStore(this.deps, this.tenantId, id);
  }

  /** A document whose message has been taken off the queue and not yet been worked on. */
  async pending(
    text: string | Uint8Array,
    filename?: string,
    ocr: boolean | null = null,
  ): Promise<DocumentIds> {
    const [file, store] = [await this.upload(text, filename), await this.store()];
    const attachment = { fileId: file.id, attributes: {}, chunking: null, ocr, param: 'file_id' };
    await attachFiles(this.deps, this.scope, store, [attachment]);
    const [message] = this.queue.take();
    if (message === undefined) throw new Error('Nothing was put on the queue.');
    return { tenantId: message.tenantId, vectorStoreId: message.vectorStoreId, fileId: message.fileId };
  }

  async indexed(text: string): Promise<DocumentIds> {
    const ids = await this.pending(text);
    await ingest(this.deps, ids, this.trace());
    return ids;
  }

  async document({ tenantId, vectorStoreId, fileId }: DocumentIds): Promise<StoredDocument | undefined> {
    return (await this.deps.documents.find(tenantId, vectorStoreId, [fileId]))[0];
  }

  async found({ tenantId, vectorStoreId }: DocumentIds, question: string): Promise<number> {
    const range = { vectorStoreIds: [vectorStoreId], filter: null, limit: 10 };
    return (await this.deps.passages.search(tenantId, question, range)).length;
  }

  async nearest({ tenantId, vectorStoreId }: DocumentIds): Promise<number> {
    const vector = new Array<number>(DIMENSIONS).fill(1);
    return (await this.deps.vectors.search(tenantId, vector, { vectorStoreIds: [vectorStoreId], limit: 100 }))
      .length;
  }
}
