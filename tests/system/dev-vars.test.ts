import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckedService } from './checked-service.ts';
import { copyRepository, type RepositoryCopy } from './repository-copy.ts';
import type { Service } from './service.ts';

const chosen = 'a-key-chosen-in-a-file-of-settings';

/** What a user writes into `.dev.vars`, as far as the model that it is for. */
describe('.dev.vars', () => {
  let clone: RepositoryCopy;
  let service: Service;
  let upstream: Server;
  const received: { readonly authorization: string | undefined; readonly model: unknown }[] = [];

  beforeAll(async () => {
    upstream = createServer(async (request, response) => {
      const { model } = (await json(request)) as { model: unknown };
      received.push({ authorization: request.headers.authorization, model });
      const chunk = (delta: object, rest: object) =>
        `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices: [{ index: 0, delta, finish_reason: null, ...rest }] })}\n\n`;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: 'From the upstream.' }, {}));
      response.end(`${chunk({}, { finish_reason: 'stop' })}data: [DONE]\n\n`);
    });
    await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
    const base_url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const model = (name: string, key_secret: string) => ({
      name,
      task: 'chat',
      target: { kind: 'openai-compatible', model: `${name}-upstream`, base_url, key_secret },
    });
    clone = copyRepository();
    clone.write('dist/web/index.html', '<!doctype html><title>Page</title>');
    const models = [model('ours', 'OUR_KEY'), model('theirs', 'THEIR_KEY')];
    clone.write(
      '.dev.vars',
      `# Ours.\nOUR_KEY="sk-of-the-file"\nCATALOGUE='${JSON.stringify({ models })}'\nADMIN_KEY=${chosen}\nKEEP_SPANS_DAYS=9\n`,
    );
    clone.edit(
      'app/selvedge.config.ts',
      'agents: (services) => [',
      "agents: (services) => [\n    function forecast() { throw new Error('No weather here.'); },",
    );
    service = await startCheckedService({ root: clone.root });
  });
  afterAll(async () => {
    await service?.stop();
    clone?.remove();
    await new Promise((closed) => upstream.close(closed));
  });

  const ask = (apiKey: string, model: string) =>
    new OpenAI({ baseURL: `${service.url}/v1`, apiKey, maxRetries: 0 }).chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hello?' }],
    });

  test("DEP-2: a secret that a catalogue entry names arrives at the entry's upstream, and is printed nowhere", async () => {
    const answer = await ask('sk-local', 'ours');
    expect(answer.choices[0]?.message.content).toBe('From the upstream.');
    expect(received).toEqual([{ authorization: 'Bearer sk-of-the-file', model: 'ours-upstream' }]);
    expect(service.output()).not.toContain('sk-of-the-file');
  });

  test('DEP-13: one that is missing is named at the start, and to whoever asks the model', async () => {
    expect(service.output()).toContain("The model 'theirs' cannot answer: the secret THEIR_KEY is not set.");
    expect(service.output()).not.toContain("'ours' cannot answer");
    await expect(ask('sk-local', 'theirs')).rejects.toThrow(/The secret THEIR_KEY is not set/);
    expect(received).toHaveLength(1);
  });

  test('KEY-2: the admin key that is chosen there opens the service', async () => {
    expect((await ask(chosen, 'ours')).choices).toHaveLength(1);
  });

  test('DEP-8: an agent that does not work is named at the start, which goes on without it', () => {
    expect(service.output()).toContain('forecast: The agent could not be made: No weather here.');
  });
});
