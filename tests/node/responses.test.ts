import { describe, expect, test } from 'vitest';
import { d1Responses } from '../../adapters/d1-responses.ts';
import type { StoredResponse } from '../../core/answer/response-repository.ts';
import { asId, newId, type ResponseId, type TraceId } from '../../core/identifier.ts';
import { d1OnNode, tenantIn } from './d1-on-node.ts';

async function bench() {
  const database = d1OnNode('main');
  const responses = d1Responses(database);
  const tenantId = await tenantIn(database);
  let saved = 0;
  const response = (previousId: ResponseId | null, question: string): StoredResponse => ({
    id: newId('resp'),
    previousId,
    traceId: asId<TraceId>(`${saved}`.padStart(32, '0')),
    model: 'writer',
    promptVersion: 'default@1',
    question,
    answer: `Answer to ${question}`,
    turn: [
      { role: 'user', content: [{ type: 'text', text: question }] },
      { role: 'assistant', content: [{ type: 'text', text: `Answer to ${question}` }] },
    ],
    body: { object: 'response', nested: { list: [1, null] } },
    createdAt: saved,
  });
  const save = async (previousId: ResponseId | null, question: string): Promise<StoredResponse> => {
    saved += 1;
    const made = response(previousId, question);
    await responses.save(tenantId, made);
    return made;
  };
  return { responses, tenantId, save };
}

describe('stored responses', () => {
  test('come back as they were saved, to their own tenant only', async () => {
    const { responses, tenantId, save } = await bench();
    const saved = await save(null, 'Why?');
    expect(await responses.find(tenantId, saved.id)).toEqual(saved);
    const other = newId('tenant');
    expect(await responses.find(other, saved.id)).toBeNull();
    expect(await responses.findAll(other, [saved.id])).toEqual([]);
    expect(await responses.conversation(other, saved.id)).toBeNull();
    expect(await responses.remove(other, saved.id)).toBe(false);
    expect(await responses.find(tenantId, saved.id)).toEqual(saved);
  });

  test('make a conversation, oldest first; one that is removed takes what was before it along', async () => {
    const { responses, tenantId, save } = await bench();
    const one = await save(null, 'one');
    const two = await save(one.id, 'two');
    const three = await save(two.id, 'three');
    await save(one.id, 'another branch');
    expect(await responses.conversation(tenantId, three.id)).toEqual([
      ...one.turn,
      ...two.turn,
      ...three.turn,
    ]);
    expect(await responses.remove(tenantId, two.id)).toBe(true);
    expect(await responses.remove(tenantId, two.id)).toBe(false);
    expect(await responses.conversation(tenantId, three.id)).toEqual(three.turn);
    expect(await responses.conversation(tenantId, two.id)).toBeNull();
  });

  test('a conversation is continued from its last fifty turns', async () => {
    const { responses, tenantId, save } = await bench();
    let last = await save(null, 'first');
    for (let turn = 1; turn < 60; turn += 1) last = await save(last.id, `turn ${turn}`);
    const messages = (await responses.conversation(tenantId, last.id)) ?? [];
    expect(messages).toHaveLength(100);
    expect(messages[0]).toEqual({ role: 'user', content: [{ type: 'text', text: 'turn 10' }] });
  });

  test('more ids than D1 binds are found at once', async () => {
    const { responses, tenantId, save } = await bench();
    const saved: StoredResponse[] = [];
    for (let made = 0; made < 205; made += 1) saved.push(await save(null, `${made}`));
    const found = await responses.findAll(tenantId, [...saved.map(({ id }) => id), newId('resp')]);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(saved.map(({ id }) => id)));
  });
});
