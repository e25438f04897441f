import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import {
  embedMany,
  generateObject,
  generateText,
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  Output,
  streamText,
  type ToolChoice,
  tool,
} from 'ai';
import { z } from 'zod';
import { inCase, run, store } from './report.ts';

/**
 * The AI SDK's own provider for OpenAI, both of its chat models: `openai(…)`, which speaks the Responses API and names
 * what it has already sent by `item_reference`, and `openai.chat(…)`. Which one, the first argument says.
 */
const api = process.argv[2] === 'chat' ? 'chat' : 'responses';
const openai = createOpenAI({});
const model: LanguageModel = api === 'chat' ? openai.chat('gpt-4o-mini') : openai('gpt-4o-mini');
const person = z.object({ name: z.string(), age: z.number() });
const steps = 'How many steps does the lighthouse tower have?';
const user = (content: string): ModelMessage => ({ role: 'user', content });

const tools = {
  get_weather: tool({
    description: 'The weather',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `12 degrees in ${city}`,
  }),
};

inCase('plain', 'generateText with a system text', async () => {
  const { text, usage } = await generateText({ model, instructions: 'You are a pirate.', prompt: 'hello' });
  assert.match(text, /Arr!.*hello/);
  assert.ok((usage.totalTokens ?? 0) > 0);
});

inCase('stream', 'streamText', async () => {
  const { textStream } = streamText({ model, prompt: 'hello there', onError: rethrow });
  const pieces: string[] = [];
  for await (const piece of textStream) pieces.push(piece);
  assert.ok(pieces.length > 1);
  assert.match(pieces.join(''), /hello there/);
});

const rethrow = ({ error }: { error: unknown }): never => {
  throw error;
};

inCase('turns', 'three turns with response.messages', async () => {
  const messages = [user('My name is Alice.')];
  for (const question of ['And then?', 'What is my name?']) {
    const { response } = await generateText({ model, messages });
    messages.push(...response.messages, user(question));
  }
  assert.equal((await generateText({ model, messages })).text, 'Your name is Alice.');
});

inCase('turns', 'three streamed turns with response.messages', async () => {
  const messages = [user('My name is Alice.')];
  for (const question of ['And then?', 'What is my name?']) {
    const result = streamText({ model, messages, onError: rethrow });
    await result.consumeStream();
    messages.push(...(await result.response).messages, user(question));
  }
  assert.equal((await generateText({ model, messages })).text, 'Your name is Alice.');
});

inCase('turns', 'a turn after a loop with tools', async () => {
  const messages = [user('My name is Alice. What is the weather in Paris?')];
  const { response } = await generateText({ model, messages, tools, stopWhen: isStepCount(4) });
  messages.push(...response.messages, user('What is my name?'));
  assert.equal((await generateText({ model, messages, tools })).text, 'Your name is Alice.');
});

inCase('turns', 'a turn after a reasoned answer', async () => {
  const messages = [user('Think first. My name is Alice.')];
  const { response } = await generateText({ model, messages });
  messages.push(...response.messages, user('What is my name?'));
  assert.equal((await generateText({ model, messages })).text, 'Your name is Alice.');
});

inCase('tools', 'a loop with parallel calls, streamed and not', async () => {
  const prompt = 'What is the weather in Paris and Rome?';
  const said = /12 degrees in Paris.* \/ .*12 degrees in Rome/;
  assert.match((await generateText({ model, prompt, tools, stopWhen: isStepCount(4) })).text, said);
  const streamed = streamText({ model, prompt, tools, stopWhen: isStepCount(4), onError: rethrow });
  assert.match(await streamed.text, said);
});

inCase('tools', 'toolChoice: required, none, one tool', async () => {
  const prompt = 'What is the weather in Paris?';
  const callsWith = async (toolChoice: ToolChoice<typeof tools>): Promise<readonly unknown[]> => {
    const { toolCalls } = await generateText({ model, prompt, tools, toolChoice });
    return toolCalls.map(({ input }) => input);
  };
  assert.deepEqual(await callsWith('required'), [{ city: 'Paris' }]);
  assert.deepEqual(await callsWith({ type: 'tool', toolName: 'get_weather' }), [{ city: 'Paris' }]);
  assert.deepEqual(await callsWith('none'), []);
});

inCase('structured', 'generateObject and Output.object, and a turn after it', async () => {
  const ada = { name: 'Ada', age: 36 };
  assert.deepEqual((await generateObject({ model, schema: person, prompt: 'Who?' })).object, ada);
  const messages = [user('My name is Alice.')];
  const result = await generateText({ model, messages, output: Output.object({ schema: person }) });
  assert.deepEqual(result.output, ada);
  messages.push(...result.response.messages, user('What is my name?'));
  assert.equal((await generateText({ model, messages })).text, 'Your name is Alice.');
});

inCase('embeddings', 'embedMany', async () => {
  const { embeddings } = await embedMany({
    model: openai.embedding('text-embedding-3-small'),
    values: ['a dog', 'a cat'],
  });
  assert.deepEqual(
    embeddings.map((embedding) => embedding.length),
    [384, 384],
  );
});

if (api === 'responses') {
  const search = openai.tools.fileSearch({ vectorStoreIds: [store] });

  inCase('documents', 'fileSearch with sources, streamed and not, and a second turn', async () => {
    const messages = [user(steps)];
    const first = await generateText({ model, messages, tools: { file_search: search } });
    assert.match(first.text, /142/);
    assert.ok(first.sources.length > 0);
    messages.push(...first.response.messages, user('When was its lamp first lit?'));
    const second = streamText({ model, messages, tools: { file_search: search }, onError: rethrow });
    assert.match(await second.text, /142|1871/);
  });

  inCase('turns', 'previousResponseId, and store: false', async () => {
    const first = await generateText({ model, prompt: 'My name is Alice.' });
    const previousResponseId = first.providerMetadata?.openai?.responseId as string;
    const question = 'What is my name?';
    const second = await generateText({
      model,
      prompt: question,
      providerOptions: { openai: { previousResponseId } },
    });
    assert.equal(second.text, 'Your name is Alice.');
    const providerOptions = { openai: { store: false } };
    const messages = [user('My name is Alice.')];
    const third = await generateText({ model, messages, providerOptions });
    messages.push(...third.response.messages, user(question));
    assert.equal((await generateText({ model, messages, providerOptions })).text, 'Your name is Alice.');
  });

  inCase('tuning', 'promptCacheKey, safetyIdentifier, reasoningEffort, textVerbosity', async () => {
    const options = {
      promptCacheKey: 'k-1',
      safetyIdentifier: 'u-1',
      reasoningEffort: 'low',
      textVerbosity: 'low',
      serviceTier: 'auto',
      metadata: { origin: 'test' },
      parallelToolCalls: false,
    } as const;
    const { text } = await generateText({ model, prompt: 'hello', providerOptions: { openai: options } });
    assert.match(text, /hello/);
  });
} else {
  /** This client has no field for collections: its documented way to add one is a `fetch` of one's own. */
  const withStore: typeof fetch = (url, init) =>
    fetch(url, {
      ...init,
      body: JSON.stringify({ ...JSON.parse(String(init?.body)), vector_store_ids: [store] }),
    });
  const reader = createOpenAI({ fetch: withStore }).chat('gpt-4o-mini');

  inCase('documents', 'vector_store_ids, streamed and not, with citations, and a second turn', async () => {
    const messages = [user(steps)];
    const first = await generateText({ model: reader, messages });
    assert.match(first.text, /142/);
    assert.ok(first.sources.length > 0, 'no sources');
    messages.push(...first.response.messages, user('When was its lamp first lit?'));
    const second = streamText({ model: reader, messages, onError: rethrow });
    assert.match(await second.text, /142|1871/);
    assert.ok((await second.sources).length > 0, 'no sources in the stream');
  });
}

await run(import.meta.url, 'ai', '@ai-sdk/openai');
