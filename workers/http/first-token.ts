import type { AnswerEvent } from '../../core/answer/request.ts';
import type { Trace } from '../../core/telemetry/trace.ts';

/** Notes on the trace when the first piece of the answer itself goes by. */
export async function* firstTokens(
  answer: AsyncIterable<AnswerEvent>,
  trace: Trace,
): AsyncGenerator<AnswerEvent> {
  for await (const event of answer) {
    if (event.type === 'text' || event.type === 'tool-call') trace.firstToken();
    yield event;
  }
}
