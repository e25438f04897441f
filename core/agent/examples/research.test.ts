import { expect, test } from 'vitest';
import { AgentBench } from '../../../tests/agent-bench.ts';
import type { InterruptRecord } from '../journal.ts';
import type { Json } from '../json.ts';
import type { Tool } from '../tool.ts';
import { type ResearchTools, researchAgent } from './research.ts';

const passage = (file: string, start: number, score: number) => ({
  file_id: file,
  filename: `${file}.md`,
  text: `passage ${start}`,
  score,
  page: null,
  page_end: null,
  start,
  end: start + 10,
});

const scripted = <Args extends Json, Result extends Json>(
  name: string,
  run: (args: Args) => Result,
): Tool<Args, Result> => ({
  name,
  description: name,
  repeatability: 'read',
  parameters: { type: 'object' },
  result: { type: 'object' },
  run: async (args) => run(args),
});

/** A capable model's plan, two searches that find one passage twice, and an answer with its citation. */
function tools(asked: string[]): ResearchTools {
  return {
    plan: scripted('plan_searches', ({ question }) => ({ queries: [question, 'frame warranty'] })),
    search: scripted('search_documents', ({ query }) => {
      asked.push(query);
      return {
        passages: [passage('warranty', 0, query === 'frame warranty' ? 0.9 : 0.5), passage('faq', 40, 0.7)],
      };
    }),
    answer: scripted('answer_from_documents', () => ({
      text: 'Ten years [1].',
      citations: [
        {
          file_id: 'warranty',
          filename: 'warranty.md',
          quote: 'ten years',
          page: null,
          page_end: null,
          start: 0,
          end: 9,
        },
      ],
    })),
  };
}

const input = { question: 'How long are frames covered?', vector_store_ids: ['vs_1'] };

test('plans, searches, reads each passage once, answers, and sends what a person has edited', async () => {
  const asked: string[] = [];
  const bench = new AgentBench(researchAgent(tools(asked)));
  const run = bench.start(input);
  await bench.alarm();
  expect(asked).toEqual([input.question, 'frame warranty']);
  const [waiting] = bench.waiting(run);
  expect(waiting).toMatchObject({ kind: 'tool', tool: 'send_answer', args: { text: 'Ten years [1].' } });
  bench.answer(waiting as InterruptRecord, {
    action: 'edit',
    args: { question: input.question, text: 'Ten years, frames only [1].' },
  });
  await bench.alarm();
  expect(bench.run(run)).toMatchObject({
    status: 'completed',
    output: {
      text: 'Ten years, frames only [1].',
      sources: ['warranty.md', 'faq.md'],
      citations: [{ quote: 'ten years' }],
      receipt: `${run}:5:send:send_answer`,
      refused_because: null,
    },
  });
});

test('sends nothing that a person refuses', async () => {
  const bench = new AgentBench(researchAgent(tools([])));
  const run = bench.start(input);
  await bench.alarm();
  const [waiting] = bench.waiting(run);
  bench.answer(waiting as InterruptRecord, { action: 'reject', reason: 'not yet' });
  await bench.alarm();
  expect(bench.run(run)).toMatchObject({
    status: 'completed',
    output: { receipt: null, refused_because: 'not yet' },
  });
});
