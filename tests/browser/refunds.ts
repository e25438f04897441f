import { expect, vi } from 'vitest';
import type { Service } from '../system/service.ts';

export interface Run {
  readonly id: string;
  readonly status: string;
  readonly interrupts: readonly string[];
  readonly output?: { readonly order: string; readonly amount: number; readonly receipt: string | null };
}

/** The service as another program sees it, beside the page under test. */
export class Refunds {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  async call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#service.url + path, {
      method,
      headers: { authorization: `Bearer ${this.#service.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json() as Promise<Answer>;
  }

  read(id: string): Promise<Run> {
    return this.call<Run>('GET', `/api/agents/runs/${id}`);
  }

  /** A refund that waits for a person. */
  async waiting(order: string, amount: number): Promise<Run> {
    const { id } = await this.call<Run>('POST', '/api/agents/example-refund/runs', {
      input: { order, amount },
    });
    return vi.waitFor(
      async () => {
        const run = await this.read(id);
        expect(run.status).toBe('interrupted');
        return run;
      },
      { timeout: 20_000, interval: 200 },
    );
  }

  answer(run: Run, action: 'approve' | 'reject'): Promise<unknown> {
    return this.call('POST', `/api/interrupts/${run.interrupts[0]}`, { action });
  }

  outcome(id: string) {
    return expect.poll(async () => (await this.read(id)).output, { timeout: 20_000, interval: 200 });
  }
}
