import { describe, expect, test } from 'vitest';
import { d1Prompts } from '../../adapters/d1-prompts.ts';
import { asId, newId, type PromptId } from '../../core/identifier.ts';
import { DEFAULT_PROMPT, defaultPrompt } from '../../core/prompts/default.ts';
import { promptLibrary } from '../../core/prompts/library.ts';
import { d1OnNode } from './d1-on-node.ts';

const bench = () => {
  let now = 1_000;
  const library = promptLibrary({ store: d1Prompts(d1OnNode('main')), clock: () => now++ });
  return { library, tenantId: newId('tenant') };
};
const text = (instructions: string) => ({ ...defaultPrompt, instructions });
const support = asId<PromptId>('support');
const all = { limit: 100, after: null };

describe('the prompt library', () => {
  test('versions count from 1; the first is production, and the same content is the same version', async () => {
    const { library, tenantId } = bench();
    const first = await library.create(tenantId, support, text('Be brief.'));
    expect(first).toMatchObject({ created: true, version: { version: 1 } });
    const second = await library.create(tenantId, support, text('Be kind.'));
    expect(second).toMatchObject({ created: true, version: { version: 2, labels: [] } });
    const again = await library.create(tenantId, support, text('Be brief.'));
    expect(again).toMatchObject({ created: false, version: { version: 1, labels: ['production'] } });
    expect((await library.resolve(tenantId, { id: support })).version).toBe(1);
  });

  test('writers at once take numbers without a gap', async () => {
    const { library, tenantId } = bench();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => library.create(tenantId, support, text(`${at}`))),
    );
    const { data } = await library.versions(tenantId, support, all);
    expect(data.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, at) => 20 - at));
  });

  test('production rolls forward and back, and a version that is not there is named', async () => {
    const { library, tenantId } = bench();
    await library.create(tenantId, support, text('one'));
    await library.create(tenantId, support, text('two'));
    await library.label(tenantId, support, 'production', 2);
    expect((await library.resolve(tenantId, { id: support })).instructions).toBe('two');
    await library.label(tenantId, support, 'production', 1);
    expect((await library.resolve(tenantId, { id: support })).instructions).toBe('one');
    await expect(library.label(tenantId, support, 'production', 9)).rejects.toMatchObject({
      code: 'not_found',
      details: { param: 'version' },
    });
    await expect(library.resolve(tenantId, { id: support, version: 9 })).rejects.toMatchObject({
      code: 'not_found',
      details: { param: 'prompt.version' },
    });
  });

  test('a tenant has the built-in default without a row, and keeps it as version 1 once it writes', async () => {
    const { library, tenantId } = bench();
    const before = await library.resolve(tenantId, null);
    expect(before).toMatchObject({ promptId: 'default', version: 1, labels: ['production'] });
    expect((await library.list(tenantId, all)).data.map(({ id }) => id)).toEqual(['default']);
    await library.create(tenantId, DEFAULT_PROMPT, text('Ours.'));
    expect(await library.resolve(tenantId, { id: DEFAULT_PROMPT, version: 1 })).toMatchObject({
      hash: before.hash,
    });
    expect((await library.resolve(tenantId, { id: DEFAULT_PROMPT, version: 2 })).instructions).toBe('Ours.');
    expect((await library.resolve(tenantId, null)).version).toBe(1);
  });

  test('another tenant has none of it', async () => {
    const { library, tenantId } = bench();
    await library.create(tenantId, support, text('Ours.'));
    const other = newId('tenant');
    await expect(library.resolve(other, { id: support })).rejects.toMatchObject({ code: 'not_found' });
    await expect(library.versions(other, support, all)).rejects.toMatchObject({ code: 'not_found' });
    expect((await library.list(other, all)).data.map(({ id }) => id)).toEqual(['default']);
  });

  test('more prompts than D1 binds values are listed with their labels', async () => {
    const { library, tenantId } = bench();
    for (let at = 0; at < 120; at += 1) await library.create(tenantId, asId(`p${1000 + at}`), text('x'));
    const page = await library.list(tenantId, all);
    expect(page.data.filter(({ labels }) => labels.production === 1)).toHaveLength(page.data.length);
    expect(page.next).not.toBeNull();
    const rest = await library.list(tenantId, { limit: 100, after: page.next });
    expect(rest.data).toHaveLength(20);
  });
});
