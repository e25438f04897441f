import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { folderOf, isCached } from './cache.ts';
import { ChatEngine } from './chat-engine.ts';
import { Encoders } from './encoders.ts';
import { type LocalModel, localModels, type ModelKind } from './manifest.ts';
import { OcrEngine } from './ocr/ocr-engine.ts';

/** What one kind of model is served by, or why it is not and what to do. */
export type Served<Engine> =
  | { readonly state: 'ready'; readonly model: LocalModel; readonly engine: Engine }
  | { readonly state: 'missing'; readonly model: LocalModel; readonly reason: string };

export interface Engines {
  readonly embedding: Served<Encoders>;
  readonly rerank: Served<Encoders>;
  readonly chat: Served<ChatEngine>;
  readonly ocr: Served<OcrEngine>;
}

/** Loads what the cache holds. A missing file or a missing engine package is a state, never an error. */
export async function loadEngines(cache: string): Promise<Engines> {
  const embedding = chosen('embedding', cache);
  const rerank = chosen('rerank', cache);
  const folder = (model: LocalModel): string | null =>
    isCached(cache, model) ? folderOf(cache, model) : null;
  const folders = { embedding: folder(embedding), rerank: folder(rerank) };
  const [encoders, chat] = await Promise.all([
    folders.embedding === null && folders.rerank === null
      ? Promise.resolve(missingFiles)
      : attempt(() => Encoders.start(folders, availableParallelism())),
    loadChat(cache),
  ]);
  const encoder = (model: LocalModel, at: string | null): Served<Encoders> => {
    if (at === null) return { state: 'missing', model, reason: missingFiles };
    return typeof encoders === 'string'
      ? { state: 'missing', model, reason: encoders }
      : { state: 'ready', model, engine: encoders };
  };
  return {
    embedding: encoder(embedding, folders.embedding),
    rerank: encoder(rerank, folders.rerank),
    chat,
    ocr: loadOcr(cache),
  };
}

const missingFiles = 'Its files are not in the cache: run `npm run models` to see where they can come from.';

async function loadChat(cache: string): Promise<Served<ChatEngine>> {
  const model = chosen('chat', cache);
  if (!isCached(cache, model)) return { state: 'missing', model, reason: missingFiles };
  const engine = await attempt(() =>
    ChatEngine.load({
      file: join(folderOf(cache, model), 'model.gguf'),
      contextTokens: model.contextTokens ?? 4096,
      conversations: model.conversations ?? 1,
      cores: availableParallelism(),
    }),
  );
  return typeof engine === 'string'
    ? { state: 'missing', model, reason: engine }
    : { state: 'ready', model, engine };
}

function loadOcr(cache: string): Served<OcrEngine> {
  const model = chosen('ocr', cache);
  return isCached(cache, model)
    ? { state: 'ready', model, engine: new OcrEngine(folderOf(cache, model)) }
    : { state: 'missing', model, reason: missingFiles };
}

/** A model that somebody fetched by name goes before the packaged one. */
function chosen(kind: ModelKind, cache: string): LocalModel {
  const candidates = localModels.filter((model) => model.kind === kind);
  const model =
    candidates.find((candidate) => !candidate.packaged && isCached(cache, candidate)) ??
    candidates.find((candidate) => candidate.packaged);
  if (model === undefined) throw new Error(`The manifest has no packaged model of the kind ${kind}.`);
  return model;
}

async function attempt<Engine>(load: () => Promise<Engine>): Promise<Engine | string> {
  try {
    return await load();
  } catch (error) {
    const message = errorMessage(error);
    return /Cannot find package|Cannot find module/.test(message)
      ? 'Its engine is an optional dependency that is not installed: run `npm ci` without --omit=optional.'
      : `Its engine did not start: ${message}`;
  }
}
