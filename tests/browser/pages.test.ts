import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckedService } from '../system/checked-service.ts';
import type { Service } from '../system/service.ts';
import { ANSWER_MS, ask, browserIsThere, launch, overflow, sizes, violations } from './browser.ts';
import { Refunds } from './refunds.ts';

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

  beforeAll(async () => {
    service = await startCheckedService({ environment: { SELVEDGE_SAMPLE: 'on' } });
    browser = await launch();
    context = await browser.newContext({ viewport: sizes.desk, bypassCSP: true });
    page = await context.newPage();
    page.setDefaultTimeout(ANSWER_MS);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
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

  test.each(['/docs', '/docs/errors', '/'])(
    '%s asks for nothing that is not there, and says no error',
    async (path) => {
      // Icons are asked for once a browser, so a fresh one with the policy of the page in force.
      const fresh = await launch();
      try {
        const tab = await fresh.newPage();
        const said: string[] = [];
        tab.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
        });
        tab.on('pageerror', (error) => said.push(error.message));
        tab.on('requestfailed', (request) => said.push(`failed: ${request.url()}`));
        tab.on('response', (response) => {
          if (response.status() >= 400) said.push(`${response.status()} ${response.url()}`);
        });
        await tab.goto(service.url + path, { waitUntil: 'networkidle' });
        await tab.getByRole('heading').first().waitFor();
        expect(said).toEqual([]);
      } finally {
        await fresh.close();
      }
    },
  );

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
      const { id } = await new Refunds(service).waiting('A-5', 50);
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
