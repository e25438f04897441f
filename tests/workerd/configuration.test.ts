import { expect, test } from 'vitest';
import { defineConfig, definePrompt } from '../../adapters/configuration.ts';
import { configured } from './configured.ts';

test('PRM-4: a prompt of the configuration is found, listed and versioned like any other', async () => {
  const call = await configured({ prompts: { support: definePrompt({ instructions: 'Be brief.' }) } });
  expect(await call('/api/prompts/support')).toMatchObject({
    status: 200,
    body: { id: 'support@1', labels: ['deployed', 'production'], retrieval: { max_results: 6 } },
  });
  expect(await call('/api/prompts')).toMatchObject({
    body: { data: [{ id: 'default' }, { id: 'support' }] },
  });
  const own = await call('/api/prompts/support/versions', { instructions: 'Be kind.' });
  expect(own).toMatchObject({ status: 201, body: { id: 'support@2', labels: [] } });
});

test('title, accent and questions of the pages are told to the page', async () => {
  const pages = { title: 'Kingfisher', accent: '#0b5d3b', questions: ['When do you open?'] };
  const call = await configured(defineConfig({ agents: () => [], pages }));
  expect(await call('/api/page')).toMatchObject({ status: 200, body: pages });
  const plain = await configured({});
  expect(await plain('/api/page')).toMatchObject({
    body: { title: 'Selvedge', accent: null, questions: [] },
  });
});

test('DEP-5: a configuration that cannot work names the field', () => {
  const prompt = definePrompt({ instructions: ' ' });
  expect(() => defineConfig({ agents: () => [], prompts: { support: prompt } })).toThrow(
    /prompts\.support\.instructions/,
  );
  const parsers = [{ extensions: ['.ics'], mediaTypes: [], parse: () => [] }];
  expect(() => defineConfig({ agents: () => [], parsers })).toThrow(/parsers\[0\]\.extensions/);
  expect(() => defineConfig({ agents: () => [], pages: { accent: '#ffee00' } })).toThrow(/darker/);
  expect(() => defineConfig({ agents: () => [], prompts: { 'My prompt': prompt } })).toThrow(/My prompt/);
});
