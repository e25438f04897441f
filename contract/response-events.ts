import { z } from 'zod';
import { FileCitation, OutputItem, OutputRefusal, OutputText, ReasoningText, Response } from './response.ts';

/** The events of a streamed response. `sequence_number` rises by one from 0; the last event has the whole object. */

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), sequence_number: z.int(), ...shape });

const item = { item_id: z.string(), output_index: z.int() };
const part = { ...item, content_index: z.int() };
const Part = z.discriminatedUnion('type', [OutputText, OutputRefusal, ReasoningText]);

export const ResponseStreamEvent = z.discriminatedUnion('type', [
  event('response.created', { response: Response }),
  event('response.in_progress', { response: Response }),
  event('response.completed', { response: Response }),
  event('response.incomplete', { response: Response }),
  event('response.failed', { response: Response }),
  event('response.output_item.added', { output_index: z.int(), item: OutputItem }),
  event('response.output_item.done', { output_index: z.int(), item: OutputItem }),
  event('response.content_part.added', { ...part, part: Part }),
  event('response.content_part.done', { ...part, part: Part }),
  event('response.output_text.delta', { ...part, delta: z.string(), logprobs: z.array(z.never()) }),
  event('response.output_text.done', { ...part, text: z.string(), logprobs: z.array(z.never()) }),
  event('response.output_text.annotation.added', {
    ...part,
    annotation_index: z.int(),
    annotation: FileCitation,
  }),
  event('response.refusal.delta', { ...part, delta: z.string() }),
  event('response.refusal.done', { ...part, refusal: z.string() }),
  event('response.reasoning_text.delta', { ...part, delta: z.string() }),
  event('response.reasoning_text.done', { ...part, text: z.string() }),
  event('response.function_call_arguments.delta', { ...item, delta: z.string() }),
  event('response.function_call_arguments.done', { ...item, name: z.string(), arguments: z.string() }),
  event('response.file_search_call.in_progress', item),
  event('response.file_search_call.searching', item),
  event('response.file_search_call.completed', item),
]);
export type ResponseStreamEvent = z.infer<typeof ResponseStreamEvent>;
