import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How the stand-in answers a request for bytes of a file; `whole` honours ranges as the hub does. */
export type Behaviour = 'whole' | 'breaks-half-way' | 'never-answers' | 'says-404';

/**
 * A Hugging Face hub for tests: `/{owner}/{name}/resolve/{revision}/{path}` with ranges, entity tags and the
 * ways in which a download goes wrong. What was asked and sent is counted.
 */
export class HubStandIn {
  readonly files = new Map<string, Buffer>();
  behaviour: Behaviour = 'whole';
  bytesSent = 0;
  /** The first byte of each request for more than the one that tells the size. */
  readonly starts: number[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in has no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.behaviour === 'never-answers') return;
    const body = this.files.get(decodeURIComponent(request.url ?? ''));
    if (body === undefined || this.behaviour === 'says-404') {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
      return;
    }
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
    const piece = body.subarray(start, end + 1);
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      etag: '"stand-in"',
      'content-length': piece.length,
      'content-range': `bytes ${start}-${end}/${body.length}`,
    });
    // The library looks at one byte first, to learn the size.
    if (piece.length > 1) this.starts.push(start);
    if (this.behaviour === 'breaks-half-way' && piece.length > 1) {
      const half = piece.subarray(0, Math.ceil(piece.length / 2));
      this.bytesSent += half.length;
      response.write(half, () => response.destroy());
      return;
    }
    this.bytesSent += piece.length;
    response.end(piece);
  }
}
