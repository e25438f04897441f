import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { ask, launch, sizes } from '../tests/browser/browser.ts';
import { startService } from '../tests/system/service.ts';
import { percentiles } from './percentile.ts';

/**
 * `npm run bench:page -- [--times N]`
 *
 * What a person waits for on this machine: from `npm start` to the first question that can be asked, the first paint of
 * the page with an empty cache, and from Enter to the first words and to the first citation, with the sample collection.
 * The models have to be in the cache already: run `npm start` once before.
 */
const { values: options } = parseArgs({ options: { times: { type: 'string', default: '20' } } });
const times = Number(options.times);

const began = performance.now();
const service = await startService({ environment: { SELVEDGE_SAMPLE: 'on' } });
console.log(`npm start to /health   ${((performance.now() - began) / 1000).toFixed(1)} s`);
const browser = await launch();
try {
  const paints: number[] = [];
  for (let time = 0; time < times; time += 1) paints.push(await firstPaint(browser));
  console.log(`first paint            ${percentiles(paints)}, of ${times}, cache empty`);
  const waits = await answers(browser);
  console.log(`Enter to first words   ${percentiles(waits.map(({ words }) => words))}, of ${times}`);
  console.log(`Enter to a citation    ${percentiles(waits.map(({ citation }) => citation))}`);
} finally {
  await browser.close();
  await service.stop();
}

/** First contentful paint, in milliseconds from the navigation, as the browser itself reports it. */
async function firstPaint(browser: Browser): Promise<number> {
  const page = await browser.newPage({ viewport: sizes.desk });
  await page.goto(service.url);
  await page.getByRole('textbox', { name: 'Ask a question' }).waitFor();
  // The browser writes the paint down a moment after it, so it may have to be waited for.
  const entry = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  const paint = Number(await entry.jsonValue());
  await page.close();
  return paint;
}

/** Milliseconds after Enter, on a fresh page each time; the questions are those that the page itself proposes. */
async function answers(browser: Browser): Promise<readonly { words: number; citation: number }[]> {
  const questions = [
    'How long is the battery of the Heron covered?',
    'What does a puncture repair cost?',
    'How many days of holiday do I have?',
  ];
  const waits: { words: number; citation: number }[] = [];
  for (let time = 0; time < times; time += 1) {
    const page = await browser.newPage({ viewport: sizes.desk });
    await page.goto(service.url);
    await page.getByRole('textbox', { name: 'Ask a question' }).waitFor();
    const asked = performance.now();
    await ask(page, questions[time % questions.length] ?? '');
    await page.getByText('According to').first().waitFor();
    const words = performance.now() - asked;
    await page
      .getByRole('button', { name: /^Citation 1/ })
      .first()
      .waitFor();
    waits.push({ words, citation: performance.now() - asked });
    await page.close();
  }
  return waits;
}
