// The dashboard when there is nothing, when nobody answers, and when the session ends under it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browse, complaints, line, open, serving, settled } from './support.mjs';

describe('the dashboard in trouble', () => {
  let browser;
  before(async () => { browser = await browse(); });
  after(async () => { await browser?.close(); });

  test('an empty store says what to do, and fills without a reload', async () => {
    await serving([], async (server, data) => {
      const page = await open(browser, server);
      await settled(page);
      await page.getByText('Nothing needs attention').or(page.getByRole('region', { name: 'Needs attention' })).first().waitFor();
      await page.getByRole('region', { name: 'Requests over time' }).getByText('No requests in this time').waitFor();
      await page.getByText('tidegate import').waitFor();
      await page.goto(`${server.origin}/logs`);
      await page.getByText('No rows in this time').waitFor();
      await server.feed([line(60, 'http://late.example/')], data);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByText('late.example').first().waitFor();
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });

  test('where the server stops, what is there stays, and says that it is old', async () => {
    await serving([line(60, 'http://before.example/')], async (server) => {
      const page = await open(browser, server, { path: '/' });
      await settled(page);
      await page.getByText('before.example').first().waitFor();
      await page.route('**/api/**', (route) => route.abort());
      await page.goto(`${server.origin}/`).catch(() => {});
      await page.getByText('The server can’t be reached').first().waitFor({ timeout: 20_000 });
      await page.unroute('**/api/**');
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await page.getByText('before.example').first().waitFor();
      await page.context().close();
    });
  });

  test('one panel that fails leaves the others be', async () => {
    await serving([line(60, 'http://there.example/')], async (server) => {
      const page = await open(browser, server, { path: null });
      const body = { status: 'error', success: false, code: 'internal', detail: 'something failed', errors: {}, request_id: 'f00d' };
      await page.route('**/api/domains/statistics*', (route) => route.fulfill({ status: 500, json: body }));
      await page.goto(server.origin);
      await settled(page);
      const domains = page.getByRole('region', { name: 'Top domains' });
      await domains.getByText('Something failed. (request f00d)').waitFor();
      await page.getByRole('region', { name: 'Top clients' }).getByText('10.1.2.3').waitFor();
      await page.unroute('**/api/domains/statistics*');
      await domains.getByRole('button', { name: 'Try again' }).click();
      await domains.getByText('there.example').waitFor();
      assert.deepEqual(complaints(page, /status of 500/), []);
      await page.context().close();
    });
  });

  test('where the session ends one signs in again without losing the page', async () => {
    await serving([line(60, 'http://kept.example/')], async (server) => {
      const page = await open(browser, server, { path: '/logs?keyword=kept' });
      await settled(page);
      await page.context().request.post(`${server.origin}/logout`, { data: {}, headers: { origin: server.origin } });
      await page.getByRole('button', { name: 'Refresh' }).click();
      const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      assert.ok(await dialog.isVisible(), 'it has to be answered');
      assert.equal(await page.getByText('kept.example').count() > 0, true, 'the page is still there');
      await dialog.getByLabel('Password').fill('wrong');
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.getByText('User or password is wrong.').waitFor();
      await dialog.getByLabel('Password').fill(server.password);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.waitFor({ state: 'hidden' });
      assert.match(page.url(), /\/logs\?keyword=kept$/);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await settled(page);
      await page.getByText('kept.example').first().waitFor();
      assert.deepEqual(complaints(page, /status of 401/), []);
      await page.context().close();
    });
  });
});
