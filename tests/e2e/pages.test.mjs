// Every page, on the demo's data: it is drawn, complains of nothing, asks nobody else for anything, fits from a phone to a
// wall, and axe finds nothing serious in it, light and dark. Pictures of all of them lie in tests/e2e/out/ afterwards.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pagesOf } from './pages.mjs';
import { axe, browse, open, overflow, settled, start } from './support.mjs';

const OUT = fileURLToPath(new URL('./out', import.meta.url));
const SIZES = [[360, 740], [1280, 900], [2560, 1440]];

describe('every page', () => {
  let server;
  let browser;
  let pages;

  before(async () => {
    await mkdir(OUT, { recursive: true });
    [server, browser] = await Promise.all([start('demo'), browse()]);
    pages = await pagesOf(server);
  });
  after(async () => { await browser?.close(); await server?.stop(); });

  for (const colorScheme of ['light', 'dark']) {
    test(`is whole, ${colorScheme}`, async (t) => {
      const page = await open(browser, server, { path: null, colorScheme, reducedMotion: 'reduce' });
      for (const { name, path, heading } of pages) {
        await t.test(name, async () => {
          page.complaints = [];
          await page.setViewportSize({ width: 1280, height: 900 });
          await page.goto(server.origin + path);
          await settled(page);
          assert.match(await page.locator('main h1').first().innerText(), heading);
          assert.match(await page.title(), /Tidegate/);
          assert.equal(await page.getByRole('alert').count(), 0, 'nothing failed');
          assert.deepEqual(await axe(page), []);
          for (const [width, height] of SIZES) {
            await page.setViewportSize({ width, height });
            await settled(page);
            assert.equal(await overflow(page), 0, `${width} px`);
            await page.screenshot({ path: join(OUT, `${name}-${colorScheme}-${width}.png`), fullPage: width < 2000 });
          }
          assert.deepEqual(page.complaints, []);
        });
      }
      await page.context().close();
    });
  }

  test('is there by its address alone, and from the navigation', async () => {
    const page = await open(browser, server);
    await settled(page);
    const names = await page.getByRole('navigation').first().getByRole('link').allInnerTexts();
    assert.ok(names.length >= 12, names.join());
    for (const name of names) {
      await page.getByRole('navigation').first().getByRole('link', { name, exact: true }).click();
      await settled(page);
      assert.doesNotMatch(await page.locator('main h1').first().innerText(), /not found/i, name);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('an address that is none says so', async () => {
    const page = await open(browser, server, { path: '/no/such/page' });
    await page.locator('main h1').waitFor();
    assert.match(await page.locator('main').innerText(), /There is no such page/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('the first load is small', async () => {
    const page = await open(browser, server, { path: null });
    let bytes = 0;
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (/^\/assets\/.*\.(js|css)$/.test(pathname)) bytes += Number(response.headers()['content-length'] ?? NaN);
    });
    await page.goto(server.origin);
    await settled(page);
    assert.ok(bytes > 10_000 && bytes < 250_000, `${bytes} bytes`);
    await page.context().close();
  });

  test('a viewer sees every page, and is told where there is nothing for them', async (t) => {
    const as = await server.account('vera', 'viewer');
    const page = await open(browser, server, { as, path: null });
    for (const { name, path, heading, admin } of pages) {
      await t.test(name, async () => {
        page.complaints = [];
        await page.goto(server.origin + path);
        await settled(page);
        assert.match(await page.locator('main h1').first().innerText(), heading);
        if (admin) assert.match(await page.locator('main').innerText(), /needs the right|administrator/);
        assert.deepEqual(page.complaints, [], 'nothing was asked for that is refused');
      });
    }
    await page.context().close();
  });
});
