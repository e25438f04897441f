import { describe, expect, test } from 'vitest';
import { configuredCatalogue } from '../../adapters/catalogue-configuration.ts';
import { builtInCalibrations, calibrationFor, fallbackCalibration } from '../../core/models/calibration.ts';
import { fusionWeights } from '../../core/retrieve/fuse.ts';

const [builtIn] = builtInCalibrations;
const hosted = { embedding: '@cf/baai/bge-small-en-v1.5', rerank: '@cf/baai/bge-reranker-base' };
const configured = (CATALOGUE: unknown) =>
  configuredCatalogue({ CATALOGUE: JSON.stringify(CATALOGUE) } as Parameters<typeof configuredCatalogue>[0]);

const own = {
  name: 'own-embedding',
  task: 'embedding',
  dimensions: 768,
  target: { kind: 'vllm', model: 'e', base_url: 'http://127.0.0.1:1/v1' },
};

describe('the calibration of a pair of models', () => {
  test('MOD-9: belongs to the pair; another reranker keeps what the embedding model alone decides', () => {
    expect(calibrationFor(undefined, hosted.embedding, hosted.rerank)).toEqual({
      calibration: builtIn,
      isFallback: false,
    });
    const { calibration, isFallback } = calibrationFor(undefined, hosted.embedding, 'another');
    expect(isFallback).toBe(true);
    expect(calibration.fusion).toEqual(builtIn?.fusion);
    expect(calibration.relevance.full).toEqual(builtIn?.relevance.withoutReranker);
  });

  test('MOD-9: without any, shared words alone decide, and fusion takes a fixed share', () => {
    const { calibration } = calibrationFor(undefined, 'another', hosted.rerank);
    for (const weights of Object.values(calibration.relevance)) {
      expect(weights).toMatchObject({ passage: 0, sentence: 0, lead: 0, cosine: 0 });
    }
    const some = [{ passageId: 'a', score: 1 }];
    expect(fusionWeights(some, some, calibration.fusion).embedding).toBeCloseTo(0.7);
    expect(fusionWeights([], some, calibration.fusion)).toEqual({ embedding: 0, text: 1 });
    expect(fusionWeights(some, [], calibration.fusion)).toEqual({ embedding: 1, text: 0 });
  });

  test("an operator's own stands in CATALOGUE, over the built-in one", () => {
    const catalogue = configured({
      models: [own],
      calibrations: [
        {
          embedding: own.name,
          rerank: hosted.rerank,
          fusion: { cosine_a_squared_deviation: 0.01 },
          rerank_share: 0.4,
          relevance: { full: { intercept: -1, coverage: 2 } },
          thresholds: { quote: 0.5 },
        },
      ],
    });
    expect(calibrationFor(catalogue, own.name, hosted.rerank)).toEqual({
      isFallback: false,
      calibration: {
        ...fallbackCalibration(own.name, hosted.rerank),
        fusion: { kind: 'evidence', cosineASquaredDeviation: 0.01 },
        rerankShare: 0.4,
        relevance: {
          ...fallbackCalibration(own.name, hosted.rerank).relevance,
          full: { intercept: -1, passage: 0, sentence: 0, lead: 0, coverage: 2, cosine: 0 },
        },
        thresholds: { quote: 0.5, generate: 0.05 },
      },
    });
  });

  test.each([
    [{ embedding: 'nobody', rerank: hosted.rerank }, /calibrations\[0\]\.embedding/],
    [{ embedding: hosted.embedding, rerank: hosted.embedding }, /calibrations\[0\]\.rerank/],
    [{ ...hosted, rerank_share: 2 }, /rerank_share/],
    [{ ...hosted, fusion: { share: 1 } }, /fusion/],
    [{ ...hosted, weight: 1 }, /weight/],
  ])('what cannot be used is named: %j', (one, message) => {
    expect(() => configured({ calibrations: [one] })).toThrow(message);
  });
});
