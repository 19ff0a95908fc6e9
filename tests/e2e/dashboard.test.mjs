// The dashboard in a browser, on the demo's data.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { browse, open, overflow, settled, start } from './support.mjs';

describe('the dashboard', () => {
  let server;
  let browser;
  let page;

  before(async () => { [server, browser] = await Promise.all([start('demo'), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });
  afterEach(async () => {
    const complaints = page?.complaints ?? [];
    await page?.context().close();
    page = null;
    assert.deepEqual(complaints, []);
  });

  const visit = async (options) => {
    page = await open(browser, server, options);
    await settled(page);
    return page;
  };
  const ids = () => page.locator('.log tbody a').evaluateAll((links) => links.map((link) => Number(link.dataset.id)));
  const tile = (name) => page.locator(`.tile[data-name="${name}"] .value`).innerText();

  test('totals are those of the API', async () => {
    const { data } = await server.api('logs/stats');
    await visit();
    for (const name of ['total_count', 'blocked_count', 'proxy_denied_count', 'origin_forbidden_count', 'auth_challenge_count',
      'ip_blocks_count', 'rejected_lines']) {
      assert.equal(await tile(name), data[name].toLocaleString('en-GB'), name);
    }
    assert.match(await page.locator('.tile[data-name="last_import"]').innerText(), new RegExp(`${data.last_import} UTC`));
  });

  test('numbers speak the reader’s language', async () => {
    const { data } = await server.api('logs/stats');
    await visit({ locale: 'de-DE' });
    assert.equal(await tile('total_count'), data.total_count.toLocaleString('de-DE'));
  });

  test('the chart is drawn, read by pointer and keyboard, and stands on a table', async () => {
    const { data } = await server.api('logs/timeline?hours=24');
    await visit();
    const sum = data.reduce((total, bucket) => total + bucket.total, 0);
    assert.ok((await page.locator('[data-readout]').innerText()).startsWith(`Last 24 hours: ${sum.toLocaleString('en-GB')} requests`));
    for (const name of ['total', 'blocked']) {
      const drawn = await page.locator(`.chart path.${name}`).evaluateAll((paths) => paths.map((path) => path.getAttribute('d')).join(''));
      assert.equal(drawn.match(/M/g).length, data.filter((bucket) => bucket[name] > 0).length, name);
    }
    assert.match(await page.locator('.chart svg').innerHTML(), /UTC/);

    const chart = page.locator('.chart');
    await chart.hover({ position: { x: 56, y: 100 } });
    const readout = () => page.locator('[data-readout]').innerText();
    assert.match(await readout(), new RegExp(`${data[0].time.slice(11, 16)}–.* UTC: ${data[0].total.toLocaleString('en-GB')} requests`));
    await page.mouse.move(0, 0);

    await page.locator('[data-resolutions] a').last().focus();
    await page.keyboard.press('Tab');
    assert.match(await readout(), /not finished/);
    await page.keyboard.press('Home');
    assert.match(await readout(), new RegExp(`${data[0].time.slice(11, 16)}–`));
    assert.equal(await chart.getAttribute('aria-valuetext'), await readout());

    await page.locator('summary').click();
    await page.locator('details tbody tr').last().waitFor();
    assert.equal(await page.locator('details tbody tr').count(), data.length);
    assert.equal(await page.locator('details tbody tr').last().locator('td').first().innerText(), data[0].time);
  });

  test('a column leads to its rows', async () => {
    const { data } = await server.api('logs/timeline?hours=24');
    await visit();
    await page.locator('.chart').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await settled(page);
    const bucket = data.at(-2);
    assert.equal(new URL(page.url()).searchParams.get('from'), bucket.time);
    assert.match(await page.locator('#matches').innerText(), new RegExp(`^${bucket.total.toLocaleString('en-GB')} rows match`));
  });

  test('range and resolution are in the address', async () => {
    await visit();
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByRole('link', { name: 'Day', exact: true }).click();
    await page.waitForFunction(() => document.querySelector('.chart')?.getAttribute('aria-valuemax') === '7');
    assert.equal(new URL(page.url()).search, '?range=7d&resolution=1d');
    await page.reload();
    await settled(page);
    assert.match(await page.locator('[data-readout]').innerText(), /^Last 7 days/);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('.chart')?.getAttribute('aria-valuemax') === '168');
  });

  test('a filter is in the address and its rows are right', async () => {
    const { data, total } = await server.api('logs?status_code=403&method=CONNECT&outcome=denied&limit=50');
    await visit();
    await page.getByLabel('Method').fill('connect');
    await page.getByLabel('Status').fill('403');
    await page.getByRole('button', { name: 'Apply' }).click();
    await settled(page);
    await page.getByLabel('Outcome').selectOption('denied');
    await page.waitForFunction((want) => document.getElementById('matches').textContent === want, `${total.toLocaleString('en-GB')} rows match`);
    assert.equal(new URL(page.url()).search, '?method=connect&status_code=403&outcome=denied');
    assert.deepEqual(await ids(), data.map((row) => row.id));
    const address = page.url();

    await page.context().close();
    await visit({ path: new URL(address).search });
    assert.deepEqual(await ids(), data.map((row) => row.id));
    assert.equal(await page.getByLabel('Status').inputValue(), '403');
    assert.equal(await page.getByLabel('Outcome').inputValue(), 'denied');
    await page.getByRole('link', { name: 'Clear', exact: true }).click();
    await settled(page);
    assert.equal(new URL(page.url()).search, '');
  });

  test('a tile leads to its rows', async () => {
    const { data } = await server.api('logs/stats');
    await visit();
    await page.locator('.tile[data-name="blocked_count"]').click();
    await settled(page);
    assert.equal(await page.locator('#matches').innerText(), `${data.blocked_count.toLocaleString('en-GB')} rows match`);
    assert.equal(await page.getByLabel('Outcome').inputValue(), 'denied,origin_forbidden');
  });

  test('what the server refuses is said, at its field', async () => {
    await visit();
    await page.getByLabel('Client').fill('10.0.0');
    await page.keyboard.press('Enter');
    await page.locator('#log .note.error').waitFor();
    assert.match(await page.locator('#log .note').innerText(), /client_ip: must be an address/);
    assert.equal(await page.getByLabel('Client').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('.log tbody tr:visible').count(), 0);
    await page.getByRole('link', { name: 'Clear the filter' }).click();
    await settled(page);
    assert.equal((await ids()).length, 50);
    // The browser itself writes a refused request to the console.
    page.complaints = page.complaints.filter((text) => !/status of 422/.test(text));
  });

  test('pages go forth and back, also from a link to one in the middle', async () => {
    const { data } = await server.api('logs?outcome=denied&limit=150');
    const want = (index) => data.slice(index * 50, index * 50 + 50).map((row) => row.id);
    await visit({ path: '/?outcome=denied' });
    assert.deepEqual(await ids(), want(0));
    assert.ok(await page.locator('#previous').isDisabled());
    const turn = async (button) => { await page.locator(button).click(); await page.waitForTimeout(50); await settled(page); };
    await turn('#next');
    assert.deepEqual(await ids(), want(1));
    assert.match(await page.locator('#place').innerText(), /^51–100 of /);
    await turn('#next');
    assert.deepEqual(await ids(), want(2));
    await turn('#previous');
    assert.deepEqual(await ids(), want(1));
    assert.match(await page.locator('#place').innerText(), /^51–100 of /);
    await turn('#previous');
    assert.deepEqual(await ids(), want(0));
    await page.goBack();
    await page.goBack();
    await page.waitForTimeout(50);
    await settled(page);
    assert.deepEqual(await ids(), want(2));
    const address = new URL(page.url()).search;

    await page.context().close();
    await visit({ path: `/${address}` });
    assert.deepEqual(await ids(), want(2));
    await turn('#previous');
    assert.deepEqual(await ids(), want(1));
    await turn('#newest');
    assert.deepEqual(await ids(), want(0));
  });

  test('a row opens beside the log, by keyboard too, and is a link', async () => {
    await visit({ path: '/?outcome=denied' });
    const [id] = await ids();
    const { data } = await server.api(`logs/${id}`);
    await page.locator('.log tbody a').first().focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.locator('.raw').waitFor();
    assert.equal(await drawer.locator('.raw').innerText(), data.raw);
    assert.match(await drawer.innerText(), /Denied by proxy/);
    for (const { why } of data.classification) assert.ok((await drawer.innerText()).includes(why), why);
    assert.equal(new URL(page.url()).search, `?outcome=denied&row=${id}`);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page.waitForURL((url) => url.search === '?outcome=denied');
    await page.goBack();
    await drawer.waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'hidden' });
    await page.locator('.log tbody tr').nth(1).locator('.url').click();
    await drawer.locator('.raw').waitFor();
  });

  test('refreshing leaves alone what is being read', async () => {
    await visit();
    const [before] = await ids();
    await page.locator('.log tbody tr').first().evaluate((row) => { row.dataset.mark = 'same'; });
    await page.getByLabel('Client').fill('10.0.');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.waitForTimeout(300);
    await settled(page);
    assert.equal((await ids())[0], before);
    assert.equal(await page.locator('.log tbody tr').first().getAttribute('data-mark'), 'same');
    assert.equal(await page.getByLabel('Client').inputValue(), '10.0.');
  });

  test('from a phone to a wide screen nothing sticks out', async () => {
    await visit({ path: '/?outcome=denied' });
    for (const width of [360, 480, 768, 801, 1061, 1280, 1920, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForTimeout(60);
      assert.equal(await overflow(page), 0, `${width} px`);
      // What must be read whole: nothing of it is cut.
      const cut = await page.locator('.log :is(.time, .outcome, .size)').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
      assert.equal(cut, 0, `${width} px: cells cut`);
      const svg = await page.locator('.chart svg').evaluate((chart) => chart.clientWidth - chart.parentElement.clientWidth);
      assert.equal(svg, 0, `${width} px: chart`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('.log tbody tr').first().click();
    await page.locator('dialog .raw').waitFor();
    assert.equal(await page.locator('dialog').evaluate((drawer) => drawer.scrollWidth - drawer.clientWidth), 0);
  });

  test('light and dark, both readable', async () => {
    const colours = async (colorScheme) => {
      await visit({ colorScheme, reducedMotion: 'reduce' });
      // Contrast of every text on the page with the nearest ground behind it, by WCAG's formula.
      const found = await page.evaluate(() => {
        const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
        const luminance = (colour) => {
          const [r, g, b] = channels(colour).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (channels(colour)[3] !== 0) return colour;
          }
          return 'rgb(255, 255, 255)';
        };
        const poor = [];
        for (const element of document.querySelectorAll('main *, header *, footer *')) {
          const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          if (!own || !element.checkVisibility() || element.closest('button:disabled') || element.tagName === 'OPTION') continue;
          const style = getComputedStyle(element);
          const [one, other] = [luminance(element instanceof SVGElement ? style.fill : style.color), luminance(ground(element))].sort((a, b) => b - a);
          const ratio = (one + 0.05) / (other + 0.05);
          if (ratio < 4.5) poor.push(`${element.tagName}.${element.getAttribute('class')} ${element.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
        }
        return { poor, body: luminance(getComputedStyle(document.body).backgroundColor) };
      });
      assert.deepEqual(found.poor, [], colorScheme);
      return found.body;
    };
    assert.ok((await colours('light')) > 0.8);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    assert.ok((await colours('dark')) < 0.05);
  });

  test('every control has a name', async () => {
    await visit({ path: '/?outcome=denied' });
    const nameless = await page.evaluate(() => [...document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]')]
      .filter((element) => element.checkVisibility())
      .filter((element) => !element.textContent.trim() && !element.getAttribute('aria-label') && !element.labels?.length)
      .map((element) => element.outerHTML.slice(0, 80)));
    assert.deepEqual(nameless, []);
  });
});
