import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Service, startService } from '../system/service.ts';
import { ANSWER_MS, ask, browserIsThere, launch, overflow, sizes, violations } from './browser.ts';

interface Run {
  readonly id: string;
  readonly status: string;
  readonly interrupts: readonly string[];
  readonly output?: { readonly amount: number; readonly receipt: string };
}

describe.skipIf(!browserIsThere)('pages', () => {
  let service: Service;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json() as Promise<Answer>;
  }

  const readRun = (id: string) => call<Run>('GET', `/api/agents/runs/${id}`);

  /** A refund that waits for a person. */
  async function waitingRefund(order: string, amount: number): Promise<Run> {
    const { id } = await call<Run>('POST', '/api/agents/example-refund/runs', { input: { order, amount } });
    return vi.waitFor(
      async () => {
        const run = await readRun(id);
        expect(run.status).toBe('interrupted');
        return run;
      },
      { timeout: 20_000, interval: 200 },
    );
  }

  const outcome = (id: string) =>
    expect.poll(async () => (await readRun(id)).output, { timeout: 20_000, interval: 200 });

  beforeAll(async () => {
    service = await startService({ environment: { SELVEDGE_SAMPLE: 'on' } });
    browser = await launch();
    context = await browser.newContext({ viewport: sizes.desk, bypassCSP: true });
    page = await context.newPage();
    page.setDefaultTimeout(ANSWER_MS);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test('an empty inbox offers a trial, which is approved by one key', async () => {
    await page.goto(`${service.url}/inbox`);
    await page.getByRole('button', { name: 'Start an example refund' }).click();
    const decision = page.getByRole('article');
    await decision.getByRole('button', { name: 'Approve' }).waitFor();
    const { data } = await call<{ data: { run_id: string }[] }>('GET', '/api/interrupts?status=pending');
    const id = data[0]?.run_id ?? '';
    await page.keyboard.press('a');
    await outcome(id).toMatchObject({ amount: 48, receipt: expect.stringContaining(id) });
    await page.goto(`${service.url}/runs/${id}`);
    await page.getByRole('status').getByText('completed').waitFor();
    await page.getByText('issue_refund done').waitFor();
  });

  test('arguments are edited before they are approved', async () => {
    const { id, interrupts } = await waitingRefund('A-1', 120);
    await page.goto(`${service.url}/inbox?interrupt=${interrupts[0]}`);
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('amount').fill('a lot');
    await page.getByRole('button', { name: 'Approve with these arguments' }).click();
    await page.getByRole('alert').getByText('amount must be a number').waitFor();
    await page.getByLabel('amount').fill('75');
    await page.getByLabel('amount').press('Enter');
    await outcome(id).toMatchObject({ amount: 75 });
  });

  test('j and k move, and r rejects with a reason', async () => {
    const older = await waitingRefund('A-2', 20);
    const newer = await waitingRefund('A-3', 30);
    await page.goto(`${service.url}/inbox`);
    await page.getByRole('heading', { name: /A-3/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: /A-2/ }).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: /A-3/ }).waitFor();
    await page.keyboard.press('r');
    await page.getByLabel('Reason').fill('Not ours');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await readRun(newer.id)).status, { timeout: 20_000 })
      .not.toBe('interrupted');
    expect((await readRun(newer.id)).output?.receipt ?? null).toBeNull();
    await call('POST', `/api/interrupts/${older.interrupts[0]}`, { action: 'reject' });
  });

  test('whoever answers second is told who won', async () => {
    const { interrupts } = await waitingRefund('A-4', 40);
    await page.goto(`${service.url}/inbox?interrupt=${interrupts[0]}`);
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.waitFor();
    await page.route('**/api/interrupts?**', (route) => route.abort());
    await call('POST', `/api/interrupts/${interrupts[0]}`, { action: 'reject' });
    await approve.click();
    await page.getByRole('alert').getByText('Somebody answered first').waitFor();
    await page.unroute('**/api/interrupts?**');
  });

  test('a document that cannot be read says why, can be tried again, and is deleted after a question', async () => {
    await page.goto(`${service.url}/documents`);
    const broken = {
      name: 'broken.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7 and no more'),
    };
    await page.locator('input[type=file]').setInputFiles([broken]);
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'broken.pdf' });
    await row.getByText('failed').waitFor();
    await row.getByRole('button', { name: 'Read it again' }).click();
    await row.getByText('failed').waitFor();
    await row.getByRole('button', { name: 'Delete broken.pdf' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await row.getByRole('button', { name: 'Delete broken.pdf' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    const { data } = await call<{ data: unknown[] }>('GET', '/v1/vector_stores');
    expect(data).toHaveLength(1); // The file came before the page knew its collections, and still found its own.
  });

  describe('on every page', () => {
    const addresses: Record<string, string> = {};

    beforeAll(async () => {
      const question = 'How long is the battery of the Heron covered?';
      await page.goto(service.url);
      await ask(page, question);
      await page.getByRole('button', { name: /^Citation 1:/ }).click();
      await page.locator('mark').waitFor();
      const { data } = await call<{ data: { trace_id: string }[] }>(
        'GET',
        '/api/traces?route=POST+/v1/responses',
      );
      const { id } = await waitingRefund('A-5', 50);
      const passage = await page
        .getByRole('link', { name: /^Open .* at this passage$/ })
        .getAttribute('href');
      Object.assign(addresses, {
        beginning: '/',
        answer: page.url().slice(service.url.length),
        documents: '/documents',
        passage,
        inbox: '/inbox',
        run: `/runs/${id}`,
        runs: '/runs',
        usage: '/usage',
        trace: `/traces/${data[0]?.trace_id}`,
        nowhere: '/no/such/page',
      });
    });

    const looks = [
      { look: 'light', size: sizes.desk, colorScheme: 'light' },
      { look: 'dark', size: sizes.desk, colorScheme: 'dark' },
      { look: 'phone', size: sizes.phone, colorScheme: 'light' },
    ] as const;

    test.each(looks)('$look: axe finds nothing wrong, and nothing is wider than the window', async (look) => {
      const own = await browser.newContext({
        viewport: look.size,
        colorScheme: look.colorScheme,
        bypassCSP: true, // For axe, which is brought in as an inline script.
      });
      const found: string[] = [];
      for (const [name, address] of Object.entries(addresses)) {
        const seen = await own.newPage();
        await seen.goto(service.url + address);
        await seen.waitForLoadState('networkidle');
        for (const violation of await violations(seen)) found.push(`${name}: ${violation}`);
        if ((await overflow(seen)) > 0) found.push(`${name}: wider than the window`);
        await seen.close();
      }
      await own.close();
      expect(found).toEqual([]);
    });

    test('the command menu has no violations either', async () => {
      await page.goto(service.url);
      await page.getByRole('textbox', { name: 'Ask a question' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });
});
