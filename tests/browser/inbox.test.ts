import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckedService } from '../system/checked-service.ts';
import type { Service } from '../system/service.ts';
import { ANSWER_MS, browserIsThere, launch, overflow, sizes } from './browser.ts';
import { Refunds, type Run } from './refunds.ts';

/** Longer than two looks of an open inbox at what waits. */
const POLLS_MS = 10_000;

describe.skipIf(!browserIsThere)('the inbox', () => {
  let service: Service;
  let browser: Browser;
  let page: Page;
  let refunds: Refunds;

  const heading = (order: string) => page.getByRole('heading', { name: new RegExp(order) });
  const row = (order: string) => page.locator('[data-waiting]').filter({ hasText: order });
  /** What is shown can be decided. */
  const armed = () => page.locator('button[aria-keyshortcuts="A"][aria-disabled="false"]').waitFor();

  beforeAll(async () => {
    service = await startCheckedService({ environment: { SELVEDGE_SAMPLE: 'off' } });
    refunds = new Refunds(service);
    browser = await launch();
    const context = await browser.newContext({ viewport: sizes.desk, bypassCSP: true });
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
    await armed();
    const { data } = await refunds.call<{ data: { run_id: string }[] }>(
      'GET',
      '/api/interrupts?status=pending',
    );
    const id = data[0]?.run_id ?? '';
    await page.keyboard.press('a');
    await refunds.outcome(id).toMatchObject({ amount: 48, receipt: expect.stringContaining(id) });
    await page.goto(`${service.url}/runs/${id}`);
    await page.getByRole('status').getByText('completed').waitFor();
    await page.getByText('issue_refund done').waitFor();
  });

  test('arguments are edited before they are approved', async () => {
    const { id, interrupts } = await refunds.waiting('A-1', 120);
    await page.goto(`${service.url}/inbox?interrupt=${interrupts[0]}`);
    await armed();
    await page.keyboard.press('e');
    await page.getByLabel('amount').fill('a lot');
    await page.getByRole('button', { name: 'Approve with these arguments' }).click();
    await page.getByRole('alert').getByText('amount must be a number').waitFor();
    await page.getByLabel('amount').fill('75');
    await page.getByLabel('amount').press('Enter');
    await refunds.outcome(id).toMatchObject({ amount: 75 });
  });

  test('j and k move, and r rejects with a reason', async () => {
    const older = await refunds.waiting('A-2', 20);
    const newer = await refunds.waiting('A-3', 30);
    await page.goto(`${service.url}/inbox`);
    await page.getByRole('heading', { name: /A-3/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: /A-2/ }).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: /A-3/ }).waitFor();
    await armed();
    await page.keyboard.press('r');
    await page.getByLabel('Reason').fill('Not ours');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await refunds.read(newer.id)).status, { timeout: 20_000 })
      .not.toBe('interrupted');
    expect((await refunds.read(newer.id)).output?.receipt ?? null).toBeNull();
    await refunds.call('POST', `/api/interrupts/${older.interrupts[0]}`, { action: 'reject' });
  });

  test('whoever answers second is told who won', async () => {
    const { interrupts } = await refunds.waiting('A-4', 40);
    await page.goto(`${service.url}/inbox?interrupt=${interrupts[0]}`);
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.waitFor();
    await page.route('**/api/interrupts?**', (route) => route.abort());
    await refunds.call('POST', `/api/interrupts/${interrupts[0]}`, { action: 'reject' });
    await approve.click();
    await page.getByRole('alert').getByText('Somebody answered first').waitFor();
    await page.unroute('**/api/interrupts?**');
  });

  describe('AGT-31: what a person decides is what that person sees', () => {
    const shownBy = async (run: Run) => (await refunds.read(run.id)).status;

    test('another run arrives while an item is open: it stays open, and its key decides it', async () => {
      const small = await refunds.waiting('SMALL-1', 12);
      await page.goto(`${service.url}/inbox`);
      await heading('SMALL-1').waitFor();
      await armed();
      const huge = await refunds.waiting('HUGE-1', 9_999);
      await row('HUGE-1').waitFor({ timeout: POLLS_MS });
      expect(await heading('SMALL-1').isVisible()).toBe(true);
      await page.keyboard.press('a');
      await refunds.outcome(small.id).toMatchObject({ order: 'SMALL-1', amount: 12 });
      expect(await shownBy(huge)).toBe('interrupted');
      await refunds.answer(huge, 'reject');
    });

    test('a colleague answers the open item: it says by whom, and its key decides nothing', async () => {
      const other = await refunds.waiting('OTHER-2', 7_777);
      const mine = await refunds.waiting('MINE-2', 20);
      await page.goto(`${service.url}/inbox?interrupt=${mine.interrupts[0]}`);
      await heading('MINE-2').waitFor();
      await armed();
      await refunds.answer(mine, 'reject');
      await page
        .getByRole('alert')
        .getByText(/Answered by key_/)
        .waitFor({ timeout: POLLS_MS });
      expect(await heading('MINE-2').isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
      await page.keyboard.press('a');
      await page.getByRole('button', { name: 'Back to the inbox' }).click();
      await heading('OTHER-2').waitFor();
      expect(await shownBy(other)).toBe('interrupted');
      await refunds.answer(other, 'reject');
    });

    test('after an answer the next item cannot be decided by the same press, click or held key', async () => {
      const older = await refunds.waiting('OLDER-3', 30);
      const newer = await refunds.waiting('NEWER-3', 31);
      await page.goto(`${service.url}/inbox`);
      await heading('NEWER-3').waitFor();
      await armed();
      const approve = await page.getByRole('button', { name: 'Approve' }).boundingBox();
      const [x, y] = [(approve?.x ?? 0) + 5, (approve?.y ?? 0) + 5];
      await page.mouse.click(x, y);
      await heading('OLDER-3').waitFor();
      await page.mouse.click(x, y);
      await page.keyboard.down('a');
      await armed();
      await page.keyboard.down('a'); // Held: the browser repeats it.
      await page.keyboard.up('a');
      await refunds.outcome(newer.id).toMatchObject({ amount: 31 });
      expect(await shownBy(older)).toBe('interrupted');
      expect(await heading('OLDER-3').isVisible()).toBe(true);
      await page.keyboard.press('a');
      await refunds.outcome(older.id).toMatchObject({ amount: 30 });
    });

    test('an address of an item that was answered shows that item, not another one', async () => {
      const waits = await refunds.waiting('WAITS-4', 40);
      const done = await refunds.waiting('DONE-4', 41);
      await refunds.answer(done, 'reject');
      await page.goto(`${service.url}/inbox?interrupt=${done.interrupts[0]}`);
      await heading('DONE-4').waitFor();
      await page.getByRole('alert').getByText('Answered by').waitFor();
      await page.keyboard.press('a');
      expect(await shownBy(waits)).toBe('interrupted');
      await refunds.answer(waits, 'reject');
    });

    test('the answer carries the hash of the arguments that were shown', async () => {
      const run = await refunds.waiting('HASH-5', 50);
      await page.goto(`${service.url}/inbox?interrupt=${run.interrupts[0]}`);
      await armed();
      const [sent] = await Promise.all([
        page.waitForRequest((request) => request.method() === 'POST'),
        page.keyboard.press('a'),
      ]);
      const { args_hash: hash } = await refunds.call<{ args_hash: string }>(
        'GET',
        `/api/interrupts/${run.interrupts[0]}`,
      );
      expect(sent.postDataJSON()).toMatchObject({ action: 'approve', args_hash: hash });
      await refunds.outcome(run.id).toMatchObject({ amount: 50 });
    });

    test('what is typed into an open item stays there while the list moves', async () => {
      const run = await refunds.waiting('TYPED-6', 60);
      await page.goto(`${service.url}/inbox?interrupt=${run.interrupts[0]}`);
      await armed();
      await page.keyboard.press('e');
      await page.getByLabel('amount').fill('61');
      const other = await refunds.waiting('LATER-6', 62);
      await row('LATER-6').waitFor({ timeout: POLLS_MS });
      expect(await page.getByLabel('amount').inputValue()).toBe('61');
      await page.getByLabel('amount').press('Enter');
      await refunds.outcome(run.id).toMatchObject({ amount: 61 });
      await refunds.answer(other, 'reject');
    });
  });

  test('a text with lines is edited in an area and keeps them', async () => {
    const run = await refunds.waiting('Long text.\nSecond line.', 70);
    await page.goto(`${service.url}/inbox?interrupt=${run.interrupts[0]}`);
    await armed();
    await page.keyboard.press('e');
    const area = page.getByRole('textbox', { name: 'order' });
    expect(await area.evaluate((element) => element.tagName)).toBe('TEXTAREA');
    await area.press('End');
    await area.pressSequentially('!');
    await page.getByRole('button', { name: 'Approve with these arguments' }).click();
    await refunds
      .outcome(run.id)
      .toMatchObject({ order: expect.stringMatching(/^Long text\.!?\nSecond line\.!?$/) });
  });

  test('an item in an unknown form hides no other, and arguments may be any JSON', async () => {
    const run = await refunds.waiting('PLAIN-7', 71);
    await page.route('**/api/interrupts?**', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      const [item] = body.data;
      const text = {
        ...item,
        id: 'int_text',
        args: 'hello',
        message: 'Say hello?',
        response_schema: { type: 'string' },
      };
      const odd = { ...item, id: 'int_odd', kind: 'from-the-future' };
      await route.fulfill({ response, json: { ...body, data: [odd, text, ...body.data] } });
    });
    await page.goto(`${service.url}/inbox`);
    await page.getByText('This page cannot show int_odd').waitFor();
    await heading('Say hello').waitFor();
    await page.getByRole('definition').filter({ hasText: 'hello' }).waitFor();
    await row('PLAIN-7').click();
    await heading('PLAIN-7').waitFor();
    await armed();
    await page.keyboard.press('a');
    await refunds.outcome(run.id).toMatchObject({ amount: 71 });
    await page.unroute('**/api/interrupts?**');
  });

  test('the inbox says how many wait, and the oldest of many can be reached', async () => {
    const first = await refunds.waiting('FIRST-8', 80);
    const path = '/api/interrupts?status=pending&limit=1';
    const { total: before } = await refunds.call<{ total: number }>('GET', path);
    await Promise.all(
      Array.from({ length: 110 }, (_, place) =>
        refunds.call('POST', '/api/agents/example-refund/runs', {
          input: { order: `MANY-${place}`, amount: 81 },
        }),
      ),
    );
    await expect
      .poll(async () => (await refunds.call<{ total: number }>('GET', path)).total, { timeout: 60_000 })
      .toBe(before + 110);
    await page.goto(`${service.url}/inbox`);
    await page
      .getByText(`${before + 110} waiting`, { exact: true })
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await row('FIRST-8').count()).toBe(0);
    await page.getByRole('button', { name: 'Show more' }).click();
    await row('FIRST-8').waitFor();
    await page.getByRole('button', { name: 'Newest first' }).click();
    await page.locator('[data-waiting]').first().filter({ hasText: 'FIRST-8' }).waitFor();
    await row('FIRST-8').click();
    await armed();
    await page.keyboard.press('a');
    await refunds.outcome(first.id).toMatchObject({ amount: 80 });
  });

  test('the title of a run is words on a phone too', async () => {
    const { data } = await refunds.call<{ data: Run[] }>('GET', '/api/agents/runs?limit=1');
    await page.setViewportSize(sizes.phone);
    await page.goto(`${service.url}/runs/${data[0]?.id}`);
    const title = page.getByRole('heading', { name: 'example-refund' });
    await title.waitFor();
    const lines = await title.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getClientRects().length;
    });
    expect(lines).toBe(1);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});
