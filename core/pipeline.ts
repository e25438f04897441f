import { wordConstants } from './answer/content-words.ts';
import { evidenceConstants } from './answer/evidence.ts';
import { questionConstants, rankingConstants } from './answer/find-evidence.ts';
import { frameConstants } from './answer/messages.ts';
import type { PhraseTable } from './answer/phrases.ts';
import { defaultPhrases } from './answer/phrases.ts';
import { quotingConstants } from './answer/quote.ts';
import { relevanceConstants } from './answer/relevance.ts';
import { sentenceConstants } from './answer/sentences.ts';
import { structuredConstants } from './answer/write-structured.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './identifier.ts';
import { chunkingConstants } from './ingest/chunk.ts';
import type { DocumentParser } from './ingest/parser.ts';
import { parserLibraries, parserVersions } from './ingest/parser-versions.ts';
import { segmentConstants } from './ingest/segment.ts';
import {
  type Calibrated,
  type Calibration,
  type CalibrationStatus,
  calibrationFor,
  calibrationStatus,
} from './models/calibration.ts';
import type { ChatEntry } from './models/catalogue.ts';
import type { HostedModels } from './models/hosted-models.ts';
import type { Embedder, Reranker } from './models/ports.ts';
import { fusionConstants } from './retrieve/fuse.ts';
import { planConstants } from './retrieve/plan.ts';
import { retrievalConstants } from './retrieve/retrieve.ts';

/**
 * Everything beside the prompt version that can change an answer, by name. A prompt version is what people edit; the
 * rest is code and configuration, and it has a fingerprint: equal fingerprints answer alike, and whoever compares two
 * evaluations sees which of the two has changed.
 *
 *  PRM-2 Every answer, trace and evaluation names the prompt version *and* the pipeline that it came from.
 *  PRM-3 The fingerprint is derived from the values that are used, never kept by hand: each constant is used where it
 *     stands, and a test finds those that are not registered here.
 */
export const pipelineConstants = {
  retrieval: retrievalConstants,
  plan: planConstants,
  fusion: fusionConstants,
  question: questionConstants,
  relevance: relevanceConstants,
  evidence: evidenceConstants,
  words: wordConstants,
  sentences: sentenceConstants,
  quoting: { ...rankingConstants, ...quotingConstants },
  frame: frameConstants,
  structured: structuredConstants,
  chunking: chunkingConstants,
  segments: segmentConstants,
  parsers: { ...parserVersions, libraries: parserLibraries },
};

export interface Pipeline {
  readonly constants: unknown;
  readonly calibration: Calibration;
  readonly phrases: PhraseTable;
  /** The deployment's own; without any, the field is left out. */
  readonly parsers?: readonly Omit<DocumentParser, 'parse'>[];
  readonly models: {
    readonly embedding: PipelineModel & { readonly dimensions: number };
    readonly rerank: PipelineModel;
    readonly chat: PipelineModel & Pick<ChatEntry, 'target' | 'capabilities'>;
  };
}

/** A model by its name, and what really answers under it where another stands in. */
interface PipelineModel {
  readonly name: string;
  readonly answering: string;
}

/** Digits of the fingerprint: short enough to compare by eye, long enough that two pipelines do not share one. */
const DIGITS = 16;

export const fingerprint = async (pipeline: Pipeline): Promise<string> =>
  (await sha256(canonicalJson(pipeline))).slice(0, DIGITS);

export interface PipelineDependencies {
  readonly embedder: Pick<Embedder, 'model' | 'dimensions'>;
  readonly reranker: Pick<Reranker, 'model'>;
  readonly hostedModels: HostedModels;
  readonly catalogue?: Calibrated;
  readonly phrases?: PhraseTable;
  readonly parsers?: readonly DocumentParser[];
}

/** The pipeline through which this model answers now: its fingerprint, and whether its scores have been measured. */
export async function pipelineOf(
  deps: PipelineDependencies,
  chat: ChatEntry,
): Promise<{ readonly fingerprint: string; readonly calibration: CalibrationStatus }> {
  const hosted = await deps.hostedModels.list();
  const model = (name: string, target: string = name): PipelineModel => ({
    name,
    answering: hosted?.get(target)?.standsIn ?? target,
  });
  const parsers = (deps.parsers ?? []).map(({ extensions, mediaTypes, version = 1 }) => ({
    extensions,
    mediaTypes,
    version,
  }));
  const pair = calibrationFor(deps.catalogue, deps.embedder.model, deps.reranker.model);
  const [embedding, rerank] = [model(deps.embedder.model), model(deps.reranker.model)];
  return {
    fingerprint: await fingerprint({
      constants: pipelineConstants,
      calibration: pair.calibration,
      phrases: deps.phrases ?? defaultPhrases,
      ...(parsers.length === 0 ? {} : { parsers }),
      models: {
        embedding: { ...embedding, dimensions: deps.embedder.dimensions },
        rerank,
        chat: {
          ...model(chat.name, chat.target.model),
          target: chat.target,
          capabilities: chat.capabilities,
        },
      },
    }),
    calibration: calibrationStatus(pair, { embedding: embedding.answering, rerank: rerank.answering }),
  };
}
