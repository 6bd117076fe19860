import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

// Root is given no sandbox, and containers have little shared memory.
const isRoot = process.getuid?.() === 0;
const args = ['--disable-dev-shm-usage'];

/** The first browser on PATH that shows an empty page: one that comes as a snap may only hint at how to install it. */
const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`))
  .find((file) => {
    const given = ['--headless', ...(isRoot ? ['--no-sandbox'] : []), ...args, '--dump-dom', 'about:blank'];
    return existsSync(file) && spawnSync(file, given, { timeout: 60_000 }).status === 0;
  });

/** Whether there is one; says so where there is none. */
export function hasChromium(leftOut: string): boolean {
  if (!executablePath)
    console.warn(`Left out: ${leftOut}, for want of a chromium on PATH that runs (Debian: chromium).`);
  return executablePath !== undefined;
}

/** Starts it without a window. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), chromiumSandbox: !isRoot, args });

/** A page of a visitor of its own. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What its scripts threw, and what its policy kept it from. */
  readonly faults: readonly string[];
}

/** Opens an address as somebody who was never there before. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext();
  // Two tests share two cores with encoders of others: an editor that opens in two seconds has taken forty.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
