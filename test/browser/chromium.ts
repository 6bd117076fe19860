import { spawnSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The first browser on PATH that runs: where it comes as a snap, its name may stand for a hint to install it. */
const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`))
  .find((file) => spawnSync(file, ['--version']).status === 0);

/** Whether there is one; says so where there is none. */
export function hasChromium(leftOut: string): boolean {
  if (!executablePath) console.warn(`Left out: ${leftOut}, for want of chromium on PATH (Debian: chromium).`);
  return executablePath !== undefined;
}

/** Starts it without a window. Root is given no sandbox, and containers have little shared memory. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  });

/** A page of a visitor of its own. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What its scripts threw, and what its policy kept it from. */
  readonly faults: readonly string[];
}

/** Opens an address as somebody who was never there before. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
