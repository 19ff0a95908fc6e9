// The start page on the demo's data: its numbers are the API's, and every one of them leads on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browse, lookForFindings, open, settled, start } from './support.mjs';

describe('the overview', () => {
  let server;
  let browser;
  before(async () => { [server, browser] = await Promise.all([start('demo'), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });

  /** A page, checked and closed. */
  const visit = async (path, check, options = {}) => {
    const page = await open(browser, server, { path, reducedMotion: 'reduce', ...options });
    await settled(page);
    await check(page);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  };
  const panel = (page, name) => page.getByRole('region', { name, exact: true });

  test('says what needs attention, and leads there', async () => {
    const { data } = await server.api('dashboard/summary?from=7d');
    await visit('/?range=7d', async (page) => {
      const flagged = page.getByRole('link', { name: `${data.waf.flagged.toLocaleString('en-GB')} flagged requests` });
      await flagged.click();
      await page.waitForURL(/\/logs\?/);
      const url = new URL(page.url());
      assert.deepEqual([url.searchParams.get('tag'), url.searchParams.get('range')], ['flagged', '7d']);
      await settled(page);
      // Both windows move with the clock: a row or two may have left or come between the two questions.
      const loaded = page.getByText(/of [\d,]+ rows loaded/);
      const rows = Number(/of ([\d,]+)/.exec(await loaded.innerText())[1].replaceAll(',', ''));
      assert.ok(Math.abs(rows - data.waf.flagged) <= 3, `${rows} rows, ${data.waf.flagged} flagged`);
    });
  });

  test('from a spike to the line and the rule in three clicks', async () => {
    await visit('/?range=7d', async (page) => {
      await panel(page, 'Flagged by rules').getByRole('listitem').first().getByRole('link').click();
      const drawer = page.getByRole('dialog');
      await drawer.getByRole('heading', { name: /Rules that matched/ }).waitFor();
      assert.match(await drawer.innerText(), /The line itself/);
      await drawer.locator('a[href^="/rules/"]').first().click();
      await page.waitForURL(/\/rules\/\d{7}/);
    });
  });

  test('open findings lead to their evidence', async () => {
    const findings = await lookForFindings(server);
    assert.ok(findings.length > 0, 'the demo hides some');
    const { data } = await server.api('dashboard/summary');
    await visit('/', async (page) => {
      await page.getByRole('link', { name: new RegExp(`^${data.findings.open} open finding`) }).waitFor();
      await panel(page, 'Open findings').getByRole('link', { name: findings[0].title }).first().click();
      await page.waitForURL(/\/findings\/\d+/);
      await settled(page);
    });
  });

  test('the chart stands on a table, is brushed to zoom, and compared with the period before', async () => {
    await visit('/?range=24h', async (page) => {
      const chart = panel(page, 'Requests over time');
      await chart.locator('canvas').waitFor();
      await chart.getByRole('button', { name: 'Compare with before' }).click();
      await chart.getByText('Requests before').waitFor();
      await chart.getByRole('button', { name: 'Show as table' }).click();
      const rows = chart.getByRole('row');
      assert.equal(await rows.count(), 25);
      const { data } = await server.api('logs/timeline?hours=24&resolution=1h');
      const cells = await rows.nth(2).getByRole('cell').allInnerTexts();
      assert.equal(cells[0], data.at(-2).total.toLocaleString('en-GB'));
      await chart.getByRole('button', { name: 'Show as chart' }).click();

      const box = await chart.locator('.u-over').boundingBox();
      await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 50, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/from=.*&to=/);
      const url = new URL(page.url());
      const hours = (Date.parse(url.searchParams.get('to')) - Date.parse(url.searchParams.get('from'))) / 3_600_000;
      assert.ok(hours >= 5 && hours <= 8, `${hours} hours`);
      await settled(page);
      await page.goBack();
      await page.waitForURL((there) => !there.searchParams.has('from'));
    });
  });

  test('totals are those of the range, which goes along to every page', async () => {
    const { data } = await server.api('waf/stats?from=6h');
    await visit('/', async (page) => {
      await page.getByRole('button', { name: /^Time range/ }).click();
      await page.getByRole('button', { name: 'Last 6 hours' }).click();
      await page.waitForURL(/range=6h/);
      await settled(page);
      await page.locator(`main [title="${data.total_requests.toLocaleString('en-GB')}"]`).waitFor();
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Logs' }).click();
      await page.waitForURL(/\/logs\?range=6h/);
    });
  });

  test('an absolute range is typed, and what is no time is refused', async () => {
    await visit('/', async (page) => {
      await page.getByRole('button', { name: /^Time range/ }).click();
      const [from, to] = [page.getByLabel('From (UTC)'), page.getByLabel('To (UTC), excluded')];
      await from.fill('tomorrow');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('write it as 2026-01-31 12:00').waitFor();
      await from.fill('2026-01-02 03:04');
      await to.fill('2026-01-01');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('must be after the start').waitFor();
      await to.fill('2026-01-03');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.waitForURL(/from=2026-01-02T03%3A04%3A00Z&to=2026-01-03T00%3A00%3A00Z/);
      await settled(page);
      await panel(page, 'Top clients').getByText('No requests in this time').waitFor();
    });
  });

  test('the palette and the keys lead everywhere', async () => {
    await visit('/', async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('10.0.0.51');
      await page.getByRole('option', { name: 'Rows of the client' }).click();
      await page.waitForURL(/\/logs\?client_ip=10\.0\.0\.51/);
      await settled(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('security score');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/score/);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await page.waitForURL((there) => there.pathname === '/');
      await settled(page);
    });
  });

  test('the theme is chosen, kept with the account, and seen before signing in', async () => {
    await visit('/', async (page) => {
      const shown = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
      await page.getByRole('button', { name: 'Account: admin' }).click();
      await page.getByRole('menuitemradio', { name: 'Dark' }).click();
      assert.equal(await shown(), 'dark');
      await page.waitForFunction(async () => (await (await fetch('/api/auth/me')).json()).data.theme === 'dark');
      await page.reload();
      await settled(page);
      assert.equal(await shown(), 'dark');
    }, { colorScheme: 'light' });
    // Another browser of the same account.
    await visit('/', async (page) => {
      await page.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
    }, { colorScheme: 'light' });
  });

  test('on a phone the pages are behind a button', async () => {
    await visit('/', async (page) => {
      await page.getByRole('button', { name: 'Pages' }).click();
      await page.getByRole('dialog', { name: 'Pages' }).getByRole('link', { name: 'Threats' }).click();
      await page.waitForURL(/\/threats/);
      assert.equal(await page.getByRole('dialog').count(), 0);
    }, { viewport: { width: 360, height: 740 } });
  });
});
