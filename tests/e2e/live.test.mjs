// The log as it is written.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browse, line, open, serving } from './support.mjs';

describe('live mode', () => {
  let browser;
  before(async () => { browser = await browse(); });
  after(async () => { await browser?.close(); });

  test('shows what comes, pauses, and goes on without losing a row', async () => {
    await serving([line(60, 'http://before.example/')], async (server, data) => {
      const page = await open(browser, server, { path: '/logs' });
      const main = page.locator('main');
      await main.getByText('before.example').first().waitFor();
      await page.getByRole('button', { name: /^(Go )?live/i }).click();
      await server.feed([line(1, 'http://first-to-come.example/')], data);
      await main.getByText('first-to-come.example').first().waitFor();
      await page.getByRole('button', { name: /pause/i }).click();
      await server.feed([line(1, 'http://while-paused.example/')], data);
      await page.waitForTimeout(1500);
      assert.equal(await main.getByText('while-paused.example').count(), 0);
      await page.getByRole('button', { name: /resume|go on|continue/i }).click();
      await main.getByText('while-paused.example').first().waitFor();
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });
});
