import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckedService } from '../system/checked-service.ts';
import type { Service } from '../system/service.ts';
import { ANSWER_MS, ask, browserIsThere, inView, launch, sizes } from './browser.ts';

const sample = (name: string) => join(import.meta.dirname, '../../local/sample', name);
const question = 'How long is the battery of the Heron covered?';

/** As a file dragged onto the page from elsewhere. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([filename, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], filename ?? '', { type: 'text/csv' }));
      return data;
    },
    [name, text],
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
  await page.getByText('Drop to add to').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

describe.skipIf(!browserIsThere)('asking', () => {
  let service: Service;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const elsewhere: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    service = await startCheckedService();
    browser = await launch();
    context = await browser.newContext({ viewport: sizes.desk });
    page = await context.newPage();
    page.setDefaultTimeout(ANSWER_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('503')) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== service.url) elsewhere.push(request.url());
    });
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test('with nothing in it yet, the page offers the first step', async () => {
    await page.goto(service.url);
    await page.getByText('Answers then quote them and show where.').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Add documents' }).waitFor();
  });

  test('documents go in by the one file input or by dropping them, and become ready', async () => {
    const inputs = page.locator('input[type=file]');
    expect(await inputs.count()).toBe(1);
    await inputs.setInputFiles([sample('warranty.md')]);
    await drop(page, 'service-prices.csv', await readFile(sample('service-prices.csv'), 'utf8'));
    const documents = page.getByRole('list', { name: 'Documents of this collection' });
    for (const name of ['warranty.md', 'service-prices.csv']) {
      const row = documents.getByRole('listitem').filter({ hasText: name });
      await row.getByText('ready').waitFor();
    }
  });

  test('a citation opens its document with the quote marked and in view', async () => {
    await ask(page, question);
    const citation = page.getByRole('button', { name: /^Citation 1: warranty\.md/ });
    await citation.click();
    const mark = page.locator('mark');
    await mark.waitFor();
    expect(await inView(mark)).toBe(true);
    const quote = (await mark.textContent()) ?? '';
    expect(await citation.getAttribute('title')).toBe(quote);
    expect(await readFile(sample('warranty.md'), 'utf8')).toContain(quote);
    await page.locator('svg [stroke-dasharray]').waitFor({ state: 'attached' });
  });

  test('the passage has an address that opens it for somebody else', async () => {
    const link = page.getByRole('link', { name: 'Open warranty.md at this passage' });
    const other = await (await browser.newContext({ viewport: sizes.desk })).newPage();
    await other.goto(new URL((await link.getAttribute('href')) ?? '', service.url).href);
    const mark = other.locator('mark');
    await mark.waitFor();
    expect(await inView(mark)).toBe(true);
    expect(await mark.textContent()).toBe(await page.locator('mark').textContent());
    await other.context().close();
  });

  test('so has the answer with its citation, also after a reload', async () => {
    await page.waitForURL(/response=resp_.*cite=1/);
    await page.reload();
    await page.getByRole('heading', { name: question }).waitFor();
    await page.locator('mark').waitFor();
    expect(await inView(page.locator('mark'))).toBe(true);
    await page.goBack();
    await page.locator('mark').waitFor({ state: 'detached' });
  });

  test('why this answer: candidates with scores, stages, cost, prompt version and trace', async () => {
    await page.goto(service.url);
    await ask(page, question);
    await page.getByRole('button', { name: 'Why this answer' }).click();
    const found = page.getByRole('region', { name: 'Passages that the search found' });
    expect(await found.getByRole('listitem').count()).toBeGreaterThan(0);
    expect(await found.textContent()).toMatch(/\d\.\d{3}/);
    const stages = page.getByRole('region', { name: 'Time of each stage' });
    await stages.getByText('rerank').waitFor();
    expect(await page.getByRole('term').allTextContents()).toEqual(
      expect.arrayContaining(['Total', 'Cost', 'Model', 'Prompt', 'Trace']),
    );
  });

  test('a question that follows knows the one before it', async () => {
    const asked = page.waitForRequest((request) => request.url().endsWith('/v1/responses'));
    await ask(page, 'And the frame, for how many years is it covered?');
    expect((await asked).postDataJSON()).toMatchObject({
      previous_response_id: expect.stringMatching(/^resp_/),
    });
    await expect.poll(() => page.getByRole('article').count()).toBe(2);
    await page.getByRole('button', { name: 'Why this answer' }).nth(1).waitFor();
  });

  test('an answer can be stopped and asked again', async () => {
    await page.goto(service.url);
    await page.route('**/v1/responses', () => {}); // Never answered: the answer is under way until it is stopped.
    await ask(page, question);
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    await page.getByText('You stopped this answer.').waitFor();
    await page.unroute('**/v1/responses');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('button', { name: /^Citation 1:/ }).waitFor();
  });

  test('what the documents do not say is not answered, and nothing is cited', async () => {
    await page.goto(service.url);
    await ask(page, 'Who was the first person to walk on the moon?');
    await page.getByText('Nothing in this collection supports an answer').waitFor();
    expect(await page.getByRole('button', { name: /^Citation/ }).count()).toBe(0);
  });

  test('everything works from the keyboard', async () => {
    await page.goto(`${service.url}/usage`);
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await page.keyboard.press('/');
    await page.locator('#question:focus').waitFor();
    await page.keyboard.type(question);
    await page.keyboard.press('Enter');
    const citation = page.getByRole('button', { name: /^Citation 1:/ });
    await citation.waitFor();
    await page.getByRole('button', { name: 'Why this answer' }).waitFor();
    await page.locator('#question').focus();
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Shift+Tab');
      if (await citation.evaluate((element) => element === document.activeElement)) break;
    }
    await page.keyboard.press('Enter');
    await page.locator('mark').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('mark').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('go to inbox');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inbox$/);
  });

  test('on a phone the passage rises in a sheet', async () => {
    const phone = await (await browser.newContext({ viewport: sizes.phone, hasTouch: true })).newPage();
    phone.setDefaultTimeout(ANSWER_MS);
    await phone.goto(service.url);
    await ask(phone, question);
    await phone.getByRole('button', { name: /^Citation 1:/ }).tap();
    const mark = phone.getByRole('dialog', { name: 'Sources' }).locator('mark');
    await mark.waitFor();
    await expect.poll(() => inView(mark)).toBe(true);
    await phone.getByRole('button', { name: 'Close' }).tap();
    await mark.waitFor({ state: 'detached' });
    await phone.context().close();
  });

  test('an error says what happened, gives the request id, and can be tried again', async () => {
    await page.goto(service.url);
    await page.route('**/v1/responses', (route) =>
      route.fulfill({
        status: 503,
        headers: { 'content-type': 'application/json', 'x-request-id': 'req_0123' },
        body: JSON.stringify({ error: { message: 'The chat model does not answer.' } }),
      }),
    );
    await ask(page, question);
    const alert = page.getByRole('alert');
    await alert.getByText('The chat model does not answer.').waitFor();
    await alert.getByRole('button', { name: 'Copy request id req_0123' }).waitFor();
    await page.unroute('**/v1/responses');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: /^Citation 1:/ }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('without a key of its own the page asks for one, and never puts it in an address', async () => {
    const guest = await (await browser.newContext({ viewport: sizes.desk })).newPage();
    const addresses: string[] = [];
    guest.on('request', (request) => addresses.push(request.url()));
    await guest.route('**/api/page', (route) =>
      route.fulfill({ json: { key: null, version: '0', title: 'Selvedge', accent: null, questions: [] } }),
    );
    await guest.goto(service.url);
    const field = guest.getByLabel('API key');
    await field.fill('sk-wrong');
    await field.press('Enter');
    await guest.getByText('The service refused the key').waitFor();
    await field.fill(service.key);
    await field.press('Enter');
    await guest.getByRole('textbox', { name: 'Ask a question' }).waitFor();
    expect(addresses.filter((address) => address.includes('sk-'))).toEqual([]);
    await guest.context().close();
  });

  test('the page asks nobody but its own service, which lets it do no more, and nothing broke on the way', async () => {
    const policy = (await fetch(service.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
