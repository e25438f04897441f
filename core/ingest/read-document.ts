import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { PageRecognizer } from '../models/page-recognizer.ts';
import type { Block } from './block.ts';
import type { CharacterMaps } from './character-maps.ts';
import type { StoredDocument } from './document.ts';
import type { FileContents } from './file.ts';
import type { DocumentLease, Outcome } from './lease.ts';
import type { PagePictures } from './ocr/page-pictures.ts';
import { pictureAsPdf } from './ocr/picture-pdf.ts';
import { pagesToRecognize, recognizePages } from './ocr/recognize-pages.ts';
import { parseDocument, refuseLargeSource } from './parse.ts';
import type { DocumentParser } from './parser.ts';
import type { Turn } from './turn.ts';
import { isUnaffordable, waitForMoney } from './wait-for-money.ts';

export interface ReadingDependencies {
  readonly clock: Clock;
  readonly contents: FileContents;
  /** The deployment's own, before ours. */
  readonly parsers?: readonly DocumentParser[];
  readonly characterMaps?: CharacterMaps;
  readonly recognizer: PageRecognizer;
  readonly pictures: PagePictures;
}

export type ReadDocument = { readonly blocks: readonly Block[] } | { readonly paused: Outcome };

/** How long a failing recognizer is waited for; then the document goes on without the pages that only it could read. */
const PATIENCE_MS = 5 * 60_000;

/**
 * The blocks of a document. They are read once and kept: offsets that citations hold must not move when a parser learns
 * more. Pages without text are recognized where the document asks for it, as far as one turn goes.
 */
export async function readDocument(
  deps: ReadingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  turn: Turn,
): Promise<ReadDocument> {
  const { tenantId, fileId } = document;
  const kept = await deps.contents.readBlocks(tenantId, fileId);
  const wantsMore = document.ocr && document.generation === null;
  if (kept !== null && !(wantsMore && pagesToRecognize(kept).length > 0)) return { blocks: kept };
  refuseLargeSource(document.sourceBytes);
  await lease.step({ stage: 'parsing', attempts: document.attempts });
  const source = await deps.contents.read(tenantId, fileId);
  if (source === null) throw new Failure('not_found', 'The bytes of the file are gone.');
  const bytes = new Uint8Array(await new Response(source).arrayBuffer());
  const own = kept === null ? await ownText(deps, document, bytes) : { blocks: kept };
  const found = document.ocr ? await recognized(deps, document, lease, turn, { ...own, bytes, kept }) : own;
  if ('paused' in found) return found;
  if (found.blocks === null) throw found.refusal;
  // A file that was deleted meanwhile must not get its blocks back.
  await lease.step({ blocks: found.blocks.length, attempts: document.attempts });
  await deps.contents.writeBlocks(tenantId, fileId, found.blocks);
  return { blocks: found.blocks };
}

/** What a parser reads; no blocks, and why, where OCR might still read something. */
type OwnText =
  | { readonly blocks: readonly Block[]; readonly refusal?: never }
  | { readonly blocks: null; readonly refusal: Failure };

async function ownText(
  deps: ReadingDependencies,
  { filename, contentType }: StoredDocument,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<OwnText> {
  try {
    return {
      blocks: await parseDocument({ filename, contentType, bytes }, deps.parsers, deps.characterMaps),
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.details.reason !== 'needs_ocr') throw error;
    return { blocks: null, refusal: error };
  }
}

/** Behind some rubbish too: what is no PDF has been refused by then, unless it is a picture. */
const startsAsPdf = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(0, 1024)).includes('%PDF-');

/** With the pages that only a recognizer can read; without them where there is none, or it fails for too long. */
async function recognized(
  deps: ReadingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  turn: Turn,
  read: OwnText & { readonly bytes: Uint8Array<ArrayBuffer>; readonly kept: readonly Block[] | null },
): Promise<OwnText | { readonly paused: Outcome }> {
  const { blocks, bytes, kept } = read;
  if (blocks !== null && pagesToRecognize(blocks).length === 0) return read;
  const pdf = startsAsPdf(bytes) ? bytes : await pictureAsPdf(bytes);
  if (pdf === null) return read;
  try {
    const more = await recognizePages(
      deps,
      { ...document, bytes: pdf },
      { blocks, kept: kept !== null },
      {
        ...turn,
        async step() {
          await lease.step({ waitingFor: null, waitingSince: null });
          return lease.isOver;
        },
      },
    );
    return more === null ? { paused: await lease.pause({}, 0) } : { blocks: more };
  } catch (error) {
    if (error instanceof Failure && isUnaffordable(error)) {
      return { paused: await waitForMoney(deps, document, lease, error) };
    }
    if (!(error instanceof Failure && error.isUpstream)) throw error;
    const now = deps.clock();
    const waitingSince = document.waitingSince ?? now;
    const waited = now - waitingSince;
    if (error.details.reason === 'model_missing' || waited > PATIENCE_MS) return read;
    const delaySeconds = Math.min(60, Math.max(error.details.retryAfter ?? 2, Math.ceil(waited / 2000)));
    const waitingFor = `Waiting for the OCR model; next try in ${delaySeconds} s. ${error.message}`;
    return { paused: await lease.pause({ waitingFor, waitingSince }, delaySeconds) };
  }
}
