import type { AnswerEvent } from '../../core/answer/request.ts';
import { type ResponseFrame, type ResponseServerEvent, ResponseWriter } from './response-writer.ts';

/**
 * An answer as OpenAI's Responses events, `sequence_number` rising by one from 0. The last is
 * `response.completed`, `response.incomplete` or `response.failed`; after the last the generator throws what
 * made it fail. The response object of the last event is what a call without a stream answers.
 *
 *  CON-4 Every item that was opened is closed before the last event, also when the answer breaks off: what had been
 *     written by then is in `output`, with the status `incomplete`.
 */
export async function* responseEvents(
  answer: AsyncIterable<AnswerEvent>,
  frame: ResponseFrame,
): AsyncGenerator<ResponseServerEvent> {
  const writer = new ResponseWriter(frame);
  yield writer.state('response.created', 'in_progress');
  yield writer.state('response.in_progress', 'in_progress');
  let failure: unknown = null;
  try {
    for await (const event of answer) yield* writer.translate(event);
    if (writer.status !== 'failed') await frame.finished(writer.response(writer.status), writer);
  } catch (error) {
    failure = error;
  }
  if (failure !== null) {
    yield* writer.closeItem('incomplete');
    yield writer.failed(failure);
    throw failure;
  }
  yield writer.last();
}
