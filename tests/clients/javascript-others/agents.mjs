import assert from 'node:assert/strict';
import {
  Agent,
  run as ask,
  fileSearchTool,
  MemorySession,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  tool,
  user,
} from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';
import { inCase, run, store } from '../javascript/report.ts';

/** The OpenAI Agents SDK with both of its models: tools, hand-offs, sessions, file search. */
const client = new OpenAI();
const models = [
  new OpenAIResponsesModel(client, 'gpt-4o-mini'),
  new OpenAIChatCompletionsModel(client, 'gpt-4o-mini'),
];
const weather = tool({
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `12 degrees in ${city}`,
});

inCase('plain', 'run, both models', async () => {
  for (const model of models) {
    const agent = new Agent({ name: 'A', instructions: 'You are a pirate.', model });
    assert.match((await ask(agent, 'hello')).finalOutput, /Arr!/);
  }
});

inCase('stream', 'run with stream: true', async () => {
  for (const model of models) {
    const result = await ask(new Agent({ name: 'A', model }), 'hello there', { stream: true });
    let text = '';
    for await (const piece of result.toTextStream()) text += piece;
    await result.completed;
    assert.match(text, /hello there/);
  }
});

inCase('turns', 'three turns with result.history, tool calls among them', async () => {
  for (const model of models) {
    const agent = new Agent({ name: 'A', model, tools: [weather] });
    let result = await ask(agent, 'My name is Alice. What is the weather in Rome?');
    for (const question of ['And then?', 'What is my name?']) {
      result = await ask(agent, [...result.history, user(question)]);
    }
    assert.equal(result.finalOutput, 'Your name is Alice.');
  }
});

inCase('turns', 'a turn after a reasoned answer', async () => {
  for (const model of models) {
    const agent = new Agent({ name: 'A', model });
    const first = await ask(agent, 'Think first. My name is Alice.');
    const second = await ask(agent, [...first.history, user('What is my name?')]);
    assert.equal(second.finalOutput, 'Your name is Alice.');
  }
});

inCase('turns', 'MemorySession, and previousResponseId', async () => {
  for (const model of models) {
    const agent = new Agent({ name: 'A', model, tools: [weather] });
    const session = new MemorySession();
    await ask(agent, 'My name is Alice. What is the weather in Rome?', { session });
    assert.equal((await ask(agent, 'What is my name?', { session })).finalOutput, 'Your name is Alice.');
  }
  const agent = new Agent({ name: 'A', model: models[0] });
  const { lastResponseId } = await ask(agent, 'My name is Alice.');
  const second = await ask(agent, 'What is my name?', { previousResponseId: lastResponseId });
  assert.equal(second.finalOutput, 'Your name is Alice.');
});

inCase('tools', 'parallel calls, streamed and not, and a hand-off', async () => {
  for (const model of models) {
    const agent = new Agent({ name: 'A', model, tools: [weather] });
    const question = 'What is the weather in Paris and Rome?';
    assert.match((await ask(agent, question)).finalOutput, /12 degrees in Paris \/ 12 degrees in Rome/);
    const streamed = await ask(agent, question, { stream: true });
    await streamed.completed;
    assert.match(streamed.finalOutput, /12 degrees in Paris \/ 12 degrees in Rome/);
    const specialist = new Agent({ name: 'Specialist', model });
    const triage = new Agent({ name: 'Triage', model, handoffs: [specialist] });
    assert.equal((await ask(triage, 'To the specialist, please.')).lastAgent.name, 'Specialist');
  }
});

inCase('structured', 'outputType', async () => {
  const outputType = z.object({ name: z.string(), age: z.number() });
  for (const model of models) {
    const { finalOutput } = await ask(new Agent({ name: 'A', model, outputType }), 'Who?');
    assert.deepEqual(finalOutput, { name: 'Ada', age: 36 });
  }
});

inCase('documents', 'fileSearchTool with results, and a second turn', async () => {
  const search = fileSearchTool([store], { maxNumResults: 3, includeSearchResults: true });
  const agent = new Agent({ name: 'A', model: models[0], tools: [search] });
  const first = await ask(agent, 'How many steps does the lighthouse tower have?');
  assert.match(first.finalOutput, /142/);
  const second = await ask(agent, [...first.history, user('When was its lamp first lit?')]);
  assert.ok(second.finalOutput);
});

inCase(
  'tuning',
  'modelSettings: reasoning, verbosity, penalties, store, parallelToolCalls, truncation',
  async () => {
    const modelSettings = {
      reasoning: { effort: 'low', summary: 'auto' },
      text: { verbosity: 'low' },
      frequencyPenalty: 0.1,
      presencePenalty: 0.1,
      parallelToolCalls: false,
      store: false,
      truncation: 'auto',
    };
    for (const model of models) {
      const agent = new Agent({ name: 'A', model, tools: [weather], modelSettings });
      assert.match((await ask(agent, 'What is the weather in Rome?')).finalOutput, /12 degrees in Rome/);
    }
  },
);

await run(import.meta.url, '@openai/agents', 'openai');
