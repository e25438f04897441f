import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Answer, answerTo, type ChatRequest } from './upstream-answers.ts';

/**
 * The model behind the service in these tests: an OpenAI-compatible chat server on 127.0.0.1 whose answers follow from
 * the request alone (`upstream-answers.ts`), so that every client can ask in its own way and in any order.
 * `GET /received` lists the bodies that came, for the cases that must know what a model was told or how often.
 */
export interface Upstream {
  readonly url: string;
  close(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const received: ChatRequest[] = [];
  const server = createServer((request, response) => void serve(received, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function serve(
  received: ChatRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET' && request.url === '/received') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(received));
    return;
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    response.writeHead(404).end();
    return;
  }
  const body = (await json(request)) as ChatRequest;
  received.push(body);
  const answer = answerTo(body);
  if ('error' in answer) {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }
  if (body.stream === true) stream(body, answer, response);
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole(answer)));
}

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const head = { id: 'chatcmpl-upstream', created: 1_790_000_000, model: 'upstream-model' };
const toolCall = ({ id, name, arguments: text }: Answer['calls'][number]) => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});

const whole = (answer: Answer) => ({
  ...head,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: answer.text,
        ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
        ...(answer.refusal === undefined ? {} : { refusal: answer.refusal }),
        ...(answer.calls.length === 0 ? {} : { tool_calls: answer.calls.map(toolCall) }),
      },
      finish_reason: answer.ending,
    },
  ],
  usage,
});

/** Word by word; the arguments of a call in two pieces, as real servers send them. */
function stream(body: ChatRequest, answer: Answer, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (value: unknown): void => void response.write(`data: ${JSON.stringify(value)}\n\n`);
  const chunk = (delta: object, finish_reason: string | null = null): void =>
    send({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
  chunk({ role: 'assistant', content: answer.text === null ? null : '' });
  if (answer.reasoning !== undefined) chunk({ reasoning_content: answer.reasoning });
  if (answer.refusal !== undefined) chunk({ refusal: answer.refusal });
  for (const word of answer.text?.match(/\S+\s*/g) ?? []) chunk({ content: word });
  for (const [index, call] of answer.calls.entries()) {
    const middle = Math.ceil(call.arguments.length / 2);
    const { function: named, ...rest } = toolCall(call);
    chunk({ tool_calls: [{ index, ...rest, function: { name: named.name, arguments: '' } }] });
    for (const piece of [named.arguments.slice(0, middle), named.arguments.slice(middle)]) {
      chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  if (answer.ending === 'drop') {
    // Only when all of it is out: a connection that is destroyed takes along what it has not sent.
    response.write('\n', () => response.destroy());
    return;
  }
  chunk({}, answer.ending);
  if (body.stream_options?.include_usage === true) {
    send({ ...head, object: 'chat.completion.chunk', choices: [], usage });
  }
  response.end('data: [DONE]\n\n');
}
