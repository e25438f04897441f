import { describe, expect, test } from 'vitest';
import { configuredCatalogue } from '../../adapters/catalogue-configuration.ts';
import type { Environment } from '../../adapters/environment.ts';
import { findModel } from '../../core/models/catalogue.ts';

const catalogueOf = (settings: Partial<Environment>) => configuredCatalogue(settings as Environment);

describe('the catalogue', () => {
  test('without settings has the three defaults, and no provider that needs a key', () => {
    const catalogue = catalogueOf({});
    expect(findModel(catalogue, 'default', 'chat').name).toBe('@cf/meta/llama-3.3-70b-instruct-fp8-fast');
    expect(findModel(catalogue, 'default-embedding', 'embedding').dimensions).toBe(384);
    expect(findModel(catalogue, 'default-rerank', 'rerank').name).toBe('@cf/baai/bge-reranker-base');
    expect(catalogue.entries.every(({ target }) => target.kind === 'workers-ai')).toBe(true);
  });

  test('a key brings its provider’s models, and an alias can move to one', () => {
    const catalogue = catalogueOf({
      OPENAI_API_KEY: 'sk-x',
      CATALOGUE: JSON.stringify({ aliases: { default: 'gpt-5-mini' } }),
    });
    expect(findModel(catalogue, 'default', 'chat').target).toEqual({ kind: 'openai', model: 'gpt-5-mini' });
  });

  test.each([
    ['{', 'not valid JSON'],
    ['{"colour":"red"}', 'colour'],
    ['{"aliases":{"default":"gpt-0"}}', 'gpt-0'],
    [
      '{"models":[{"name":"x","task":"chat","target":{"kind":"vllm","model":"m","base_url":"ftp://x"}}]}',
      'base_url',
    ],
    [
      '{"models":[{"name":"x","task":"chat","target":{"kind":"vllm","model":"m","base_url":"http://x/v1","key_secret":"sk-secret"}}]}',
      'key_secret',
    ],
  ])('refuses %s and names what is wrong', (settings, said) => {
    expect(() => catalogueOf({ CATALOGUE: settings })).toThrow(said);
  });
});
