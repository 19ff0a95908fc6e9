// The dashboard when there is nothing, nothing recent, nobody answering, or something hostile in the log.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { browse, open, overflow, run, settled, start } from './support.mjs';

describe('the dashboard in trouble', () => {
  let browser;
  let directory;

  before(async () => {
    browser = await browse();
    directory = await mkdtemp(join(tmpdir(), 'tidegate-e2e-'));
  });
  after(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** A server on a data directory of its own, with lines imported; ended after `check`. */
  const serving = async (name, lines, check) => {
    const data = join(directory, name);
    // `serve` first, which prints the password; `import` writes beside it.
    const server = await start('serve', '--data-dir', data);
    try {
      if (lines !== null) {
        await writeFile(join(directory, `${name}.log`), lines.map((text) => `${text}\n`).join(''));
        await run('import', '--data-dir', data, join(directory, `${name}.log`));
      }
      await check(server);
    } finally {
      await server.stop();
    }
  };

  const line = (time, url, user = '-') => `${(time / 1000).toFixed(3)}     12 10.1.2.3 TCP_MISS/200 512 GET ${url} ${user} HIER_DIRECT/192.0.2.1 text/html`;

  test('an empty store says what to do, and fills without a reload', async () => {
    await serving('empty', null, async (server) => {
      const page = await open(browser, server);
      await settled(page);
      assert.match(await page.locator('#log .note.empty').innerText(), /tidegate import access\.log/);
      assert.match(await page.locator('#timeline .note.empty').innerText(), /nothing to draw/);
      assert.equal(await page.locator('.tile[data-name="total_count"] .value').innerText(), '0');
      assert.equal(await page.locator('.tile[data-name="last_import"] .value').innerText(), 'never');
      assert.equal(await page.locator('.skeleton:visible, .chart:visible').count(), 0);

      await writeFile(join(directory, 'late.log'), `${line(Date.now() - 60_000, 'http://late.example/')}\n`);
      await run('import', '--data-dir', join(directory, 'empty'), join(directory, 'late.log'));
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.locator('.log tbody tr').waitFor();
      await page.locator('.chart path.total:not([d=""])').first().waitFor();

      await writeFile(join(directory, 'later.log'), `${line(Date.now() - 30_000, 'http://later.example/')}\n`);
      await run('import', '--data-dir', join(directory, 'empty'), join(directory, 'later.log'));
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.locator('#newer:visible').click();
      await page.locator('.log tbody tr').nth(1).waitFor();
      assert.equal(await page.locator('#newer:visible').count(), 0);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });

  test('data that is not recent is pointed to', async () => {
    const old = Date.now() - 4 * 86_400_000;
    await serving('old', [line(old, 'http://old.example/')], async (server) => {
      const page = await open(browser, server);
      await settled(page);
      const note = page.locator('#timeline .note');
      assert.match(await note.innerText(), /No requests in the last 24 hours\. The newest stored row is of .* UTC/);
      await note.getByRole('link', { name: 'Rows of the last day' }).click();
      await settled(page);
      assert.equal(await page.locator('#matches').innerText(), '1 row matches');
      await note.getByRole('link', { name: 'Show 7 days' }).click();
      await page.waitForFunction(() => document.querySelector('#timeline .note').hidden);
      assert.match(await page.locator('[data-readout]').innerText(), /^Last 7 days: 1 requests?,/);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });

  test('data beyond the chart’s reach is pointed to, too', async () => {
    await serving('ancient', [line(Date.UTC(2019, 4, 6, 7, 8, 9), 'http://ancient.example/')], async (server) => {
      const page = await open(browser, server);
      await settled(page);
      assert.match(await page.locator('#timeline .note').innerText(), /2019-05-06 07:08:09 UTC\. The chart reaches back 30 days/);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });

  test('a server that is gone is said to be gone, and what was shown stays', async () => {
    await serving('gone', [line(Date.now() - 60_000, 'http://here.example/')], async (server) => {
      const page = await open(browser, server);
      await settled(page);
      await server.stop('SIGKILL');
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.locator('#totals .note.stale').waitFor();
      await settled(page);
      for (const panel of ['#totals', '#timeline']) {
        assert.match(await page.locator(`${panel} .note`).innerText(), /can’t be reached/, panel);
      }
      assert.match(await page.locator('#updated').innerText(), /Not up to date; last answer: \d\d:/);
      assert.equal(await page.locator('.log tbody tr:visible').count(), 1);

      await page.getByRole('link', { name: '7 days' }).click();
      await page.locator('#timeline .note.error').waitFor();
      await page.getByLabel('Status').fill('200');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.locator('#log .note.stale').waitFor();
      await page.locator('.log tbody a').first().click();
      await page.locator('dialog .note.error').waitFor();
      assert.equal(await page.locator('[aria-busy="true"], .skeleton:visible').count(), 0);
      await page.context().close();
    });
  });

  test('failures at the first load are said in every panel, and trying again helps', async () => {
    await serving('refused', [line(Date.now() - 60_000, 'http://here.example/')], async (server) => {
      const page = await open(browser, server, { path: null });
      const failing = (route) => route.fulfill({ status: 401, json: { code: 'unauthenticated', detail: 'no' } });
      await page.route('**/api/**', failing);
      await page.goto(server.origin);
      await settled(page);
      for (const panel of ['#totals', '#timeline', '#log']) {
        assert.match(await page.locator(`${panel} .note.error`).innerText(), /login is no longer valid/, panel);
      }
      assert.equal(await page.locator('.skeleton:visible').count(), 0);
      await page.unroute('**/api/**', failing);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.locator('.log tbody tr').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.note:not([hidden])').length === 0);
      assert.match(await page.locator('#updated').innerText(), /^Updated/);
      await page.context().close();
    });
  });

  test('every 30 seconds the page asks anew, unless paused', async () => {
    await serving('refresh', [line(Date.now() - 60_000, 'http://here.example/')], async (server) => {
      const page = await open(browser, server, { path: null });
      await page.clock.install();
      let asked = 0;
      page.on('request', (request) => { asked += request.url().endsWith('/api/logs/stats'); });
      await page.goto(server.origin);
      await settled(page);
      assert.equal(asked, 1);
      await page.clock.runFor(29_000);
      assert.equal(asked, 1);
      const again = page.waitForResponse('**/api/logs/stats');
      await page.clock.runFor(2000);
      await again;
      await settled(page);
      assert.equal(asked, 2);
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.clock.runFor(120_000);
      assert.equal(asked, 2);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });

  test('a log written by an enemy is text and nothing else', async () => {
    const now = Date.now() - 120_000;
    const markup = '<img/src=x/onerror=alert(1)>';
    const spaced = '<img src=x onerror=alert(1)>';
    const lines = [
      line(now, `http://evil.example/${markup}"><script>alert(1)</script>`, markup),
      line(now + 1000, `http://evil.example/${spaced}`),
      line(now + 2000, 'http://evil.example/\u202egnp.exe\u202c\u2066\u200b', 'u\u202eser'),
      line(now + 3000, 'http://evil.example/\u001b[31mred\u001b[0m\u0007\u0000x'),
      line(now + 4000, 'javascript:alert(document.domain)'),
      line(now + 5000, `http://evil.example/${'w'.repeat(65_536)}`),
      line(now + 6000, `${'long-host'.repeat(500)}.example:443`, 'n'.repeat(5000)),
      line(now + 7000, `http://evil.example/${'Z\u0351\u036b\u0343'.repeat(40)}`),
    ];
    await serving('hostile', lines, async (server) => {
      const { data } = await server.api('logs');
      assert.ok(data.length >= 7, `${data.length} rows`);
      const page = await open(browser, server);
      await settled(page);
      assert.equal(await page.locator('.log tbody tr').count(), data.length);
      assert.equal(await page.locator('main img, main script, .log a:not([href^="?"])').count(), 0);
      const rows = await page.locator('.log tbody').innerText();
      assert.ok(rows.includes(markup) && rows.includes('javascript:alert'));
      assert.ok(rows.includes('\\u{202e}gnp.exe') && rows.includes('\\u{1b}[31mred'), rows.slice(-2000));
      assert.doesNotMatch(rows, /[\u202a-\u202e\u2066-\u2069\u001b]/);

      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        assert.equal(await overflow(page), 0, `${width} px`);
        const heights = await page.locator('.log tbody tr').evaluateAll((all) => all.map((row) => row.offsetHeight));
        assert.ok(Math.max(...heights) < 110, `${width} px: ${heights}`);
        for (const { id, raw } of await Promise.all(data.map(async (row) => (await server.api(`logs/${row.id}`)).data))) {
          await page.locator(`.log tbody a[data-id="${id}"]`).click();
          const shown = page.locator('dialog .raw');
          await shown.waitFor();
          await page.waitForFunction((title) => document.getElementById('drawer-title').textContent === title, `Row ${id}`);
          assert.equal(await page.locator('dialog img, dialog script, dialog a:not([href^="?"])').count(), 0);
          assert.equal(await page.locator('dialog').evaluate((drawer) => drawer.scrollWidth - drawer.clientWidth), 0, `${width} px, ${id}`);
          // eslint-disable-next-line no-control-regex
          const hidden = /[\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u206f]/gu;
          const want = raw.replaceAll(hidden, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
          assert.equal(await shown.evaluate((box) => box.textContent), want);
          await page.keyboard.press('Escape');
          await page.locator('dialog').waitFor({ state: 'hidden' });
        }
      }
      // A hostile link to the page itself.
      await page.goto(`${server.origin}/?client_ip=${encodeURIComponent(spaced)}&outcome=${encodeURIComponent(spaced)}&row=1&range=${encodeURIComponent(spaced)}`);
      await settled(page);
      assert.equal(await page.locator('main img, dialog img').count(), 0);
      assert.deepEqual(page.complaints.filter((text) => !/status of 422/.test(text)), []);
      await page.context().close();
    });
  });
});
