import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openHouse } from '../support/house.ts';
import { hasChromium, openChromium, visit } from './chromium.ts';

describe.runIf(hasChromium('GraphiQL in a browser'))('GraphiQL', { timeout: 240_000 }, () => {
  test('opens under its own policy, asks no other host, and runs its first operation with a token', async () => {
    await using house = await openHouse({
      worker: false,
      env: { GRAPHIQL: 'on', CORS_ORIGINS: 'https://studio.example' },
    });
    await using browser = await openChromium();
    await using visited = await visit(browser, 'about:blank');
    const { page, faults } = visited;
    const hosts = hostsAskedBy(page);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });

    await page.goto(`${house.url}/graphql`);
    await page.getByText('Who am I, and where?').waitFor();
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
    await page.keyboard.insertText(JSON.stringify({ Authorization: `Bearer ${house.token}` }));
    await page.getByRole('button', { name: /Execute/ }).click();
    await page.getByRole('menuitem', { name: 'Me' }).click();
    await page.locator('.graphiql-response').getByText('"ada"').waitFor();

    expect(await page.locator('.graphiql-response').innerText()).toContain('"analytical"');
    expect([...hosts]).toEqual([new URL(house.url).host]);
    expect([...faults, ...complaints]).toEqual([]);
  });
});

/** Hosts that a page sends anything to; what it makes itself has none. */
function hostsAskedBy(page: Page): ReadonlySet<string> {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host) hosts.add(host);
  });
  return hosts;
}
