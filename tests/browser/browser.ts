import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** The system's own Chromium: playwright-core brings no browser. */
const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executable = places.find((place) => place !== undefined && existsSync(place));

export const browserIsThere = executable !== undefined;
if (!browserIsThere) {
  console.warn(
    'SKIPPED: the tests of the page need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

export function launch(): Promise<Browser> {
  // Chromium refuses its sandbox to root, which is who runs the tests in most containers.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: executable ?? '', args });
}

export const sizes = {
  desk: { width: 1280, height: 800 },
  phone: { width: 375, height: 812 },
} as const;

/** Answers wait for real models, which share their processor with everything else. */
export const ANSWER_MS = 90_000;

export async function ask(page: Page, question: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Ask a question' });
  await box.fill(question);
  await box.press('Enter');
}

/** Whether at least half of the element is inside the viewport and inside everything that scrolls around it. */
export const inView = (locator: Locator): Promise<boolean> =>
  locator.evaluate(
    (element) =>
      new Promise<boolean>((resolve) => {
        const observer = new IntersectionObserver(
          ([entry]) => {
            observer.disconnect();
            resolve((entry?.intersectionRatio ?? 0) >= 0.5);
          },
          { threshold: [0, 0.5, 1] },
        );
        observer.observe(element);
      }),
  );

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong: rule, element, reason. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: axe });
  return page.evaluate(`axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary)))`);
}

/** Pixels by which the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
