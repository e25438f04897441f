import assert from 'node:assert/strict';
import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { inCase, run, store } from '../javascript/report.ts';

/** LangChain's ChatOpenAI through both APIs, and its embeddings. */
const model = 'gpt-4o-mini';
const steps = 'How many steps does the lighthouse tower have?';
const person = z.object({ name: z.string(), age: z.number() });
const weather = tool(({ city }) => `12 degrees in ${city}`, {
  name: 'get_weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
});

const models = (more = {}) => [
  new ChatOpenAI({ model, ...more }),
  new ChatOpenAI({ model, useResponsesApi: true, ...more }),
];

inCase('plain', 'invoke, both APIs', async () => {
  for (const llm of models()) {
    const answer = await llm.invoke([new SystemMessage('You are a pirate.'), new HumanMessage('hello')]);
    assert.match(answer.text, /Arr!/);
  }
});

inCase('stream', 'stream', async () => {
  for (const llm of models()) {
    let text = '';
    for await (const chunk of await llm.stream('hello there')) text += chunk.text;
    assert.match(text, /hello there/);
  }
});

inCase('turns', 'three turns with the messages it returned', async () => {
  for (const llm of models()) {
    const history = [new HumanMessage('My name is Alice.')];
    for (const question of ['And then?', 'What is my name?']) {
      history.push(await llm.invoke(history), new HumanMessage(question));
    }
    assert.equal((await llm.invoke(history)).text, 'Your name is Alice.');
  }
});

inCase('turns', 'a turn after a reasoned answer', async () => {
  for (const llm of models()) {
    const history = [new HumanMessage('Think first. My name is Alice.')];
    history.push(await llm.invoke(history), new HumanMessage('What is my name?'));
    assert.equal((await llm.invoke(history)).text, 'Your name is Alice.');
  }
});

inCase('tools', 'bindTools with parallel calls, their results, and a turn after them', async () => {
  for (const llm of models()) {
    const bound = llm.bindTools([weather], { strict: true });
    const history = [new HumanMessage('My name is Alice. What is the weather in Paris and Rome?')];
    const first = await bound.invoke(history);
    assert.ok(first instanceof AIMessage);
    assert.deepEqual(
      first.tool_calls?.map((call) => call.args.city),
      ['Paris', 'Rome'],
    );
    history.push(first);
    for (const call of first.tool_calls ?? []) history.push(await weather.invoke(call));
    const second = await bound.invoke(history);
    assert.match(second.text, /12 degrees in Paris \/ 12 degrees in Rome/);
    history.push(second, new HumanMessage('What is my name?'));
    assert.equal((await bound.invoke(history)).text, 'Your name is Alice.');
  }
});

inCase('structured', 'withStructuredOutput by jsonSchema and functionCalling', async () => {
  for (const llm of models()) {
    for (const method of ['jsonSchema', 'functionCalling']) {
      const answer = await llm.withStructuredOutput(person, { method }).invoke('Who?');
      assert.deepEqual(answer, { name: 'Ada', age: 36 });
    }
  }
});

inCase('documents', 'file_search, streamed and not, and a second turn', async () => {
  const search = { type: 'file_search', vector_store_ids: [store] };
  const llm = new ChatOpenAI({ model, useResponsesApi: true }).bindTools([search]);
  const first = await llm.invoke(steps);
  assert.match(first.text, /142/);
  const lamp = new HumanMessage('When was its lamp first lit?');
  assert.ok((await llm.invoke([new HumanMessage(steps), first, lamp])).text);
  let text = '';
  for await (const chunk of await llm.stream(steps)) text += chunk.text;
  assert.match(text, /142/);
});

inCase('tuning', 'reasoning, service_tier, verbosity, promptCacheKey', async () => {
  const more = {
    reasoning: { effort: 'low' },
    service_tier: 'auto',
    verbosity: 'low',
    promptCacheKey: 'k-1',
  };
  for (const llm of models(more)) assert.match((await llm.invoke('hello')).text, /hello/);
});

inCase('embeddings', 'embedQuery and embedDocuments', async () => {
  const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small' });
  assert.equal((await embeddings.embedQuery('a dog')).length, 384);
  assert.equal((await embeddings.embedDocuments(['a dog', 'a cat'])).length, 2);
});

await run(import.meta.url, '@langchain/openai');
