// The log on the demo's data: found, filtered, sorted, scrolled, opened, taken along; all of it in the address.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { axe, browse, complaints, open, overflow, settled, start } from './support.mjs';

describe('the log', () => {
  let server;
  let browser;
  before(async () => { [server, browser] = await Promise.all([start('demo'), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });

  const visit = async (path, check, { expected = [], ...options } = {}) => {
    const page = await open(browser, server, { path, reducedMotion: 'reduce', ...options });
    await settled(page);
    await check(page);
    assert.deepEqual(complaints(page, ...expected), []);
    await page.context().close();
  };
  const grid = (page) => page.getByRole('grid', { name: 'Rows of the log' });
  const rows = (page) => grid(page).getByRole('row').filter({ has: page.getByRole('gridcell') });
  const loaded = (page, total) => page.getByText(`of ${total.toLocaleString('en-GB')} rows loaded`).waitFor();
  /** Goes to the end of what is loaded, which loads more. */
  const toTheEnd = async (page) => {
    await grid(page).focus();
    for (let press = 0; press < 3; press += 1) {
      await page.keyboard.press('End');
      await page.waitForTimeout(300);
      await settled(page);
    }
    await page.getByText(/^(600|800) of/).waitFor();
  };
  const param = (page, name) => new URL(page.url()).searchParams.getAll(name);

  test('filters are chips and in the address, turned round and taken away', async () => {
    await visit('/logs?range=all', async (page) => {
      await page.getByRole('searchbox').fill('client: 10.0.0.51');
      await page.keyboard.press('Enter');
      await page.waitForURL(/client_ip=10\.0\.0\.51/);
      const only = await server.api('logs?limit=1&client_ip=10.0.0.51');
      await loaded(page, only.total);
      await page.getByRole('button', { name: 'Blocked', exact: true }).click();
      const blocked = await server.api('logs?limit=1&client_ip=10.0.0.51&tag=blocked');
      await loaded(page, blocked.total);
      await page.getByRole('button', { name: 'Client 10.0.0.51' }).click();
      const others = await server.api('logs?limit=1&client_ip=!10.0.0.51&tag=blocked');
      await loaded(page, others.total);
      assert.deepEqual(param(page, 'client_ip'), ['!10.0.0.51']);
      await page.getByRole('button', { name: 'Remove the filter Client' }).click();
      await page.getByRole('button', { name: 'Add filter' }).click();
      await page.getByLabel('Field').selectOption({ label: 'Outcome' });
      await page.getByLabel('Value').selectOption('origin_forbidden');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const forbidden = await server.api('logs?limit=1&tag=blocked&outcome=origin_forbidden');
      await loaded(page, forbidden.total);
      await page.goBack();
      await page.waitForURL((url) => !url.searchParams.has('outcome'));
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForURL((url) => !url.searchParams.has('tag'));
      const all = await server.api('logs?limit=1');
      await loaded(page, all.total);
    });
  });

  test('words and phrases are searched for', async () => {
    await visit('/logs?range=7d', async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('"etc/passwd"');
      await page.keyboard.press('Enter');
      const found = await server.api(`logs?limit=1&from=7d&keyword=${encodeURIComponent('"etc/passwd"')}`);
      assert.ok(found.total > 0);
      await loaded(page, found.total);
      await page.getByRole('searchbox').fill('no such words anywhere');
      await page.keyboard.press('Enter');
      await page.getByText('No row passes these filters in this time').waitFor();
    });
  });

  test('a filter that is none is told, and mended', async () => {
    await visit('/logs?min_score=abc', async (page) => {
      await page.getByRole('alert').filter({ hasText: 'Score from must be a whole number' }).waitFor();
      await page.getByRole('button', { name: 'Remove the filter Score from' }).click();
      await rows(page).first().waitFor();
    }, { expected: [/status of 422/] });
  });

  test('is sorted by the server, either way', async () => {
    await visit('/logs?range=7d', async (page) => {
      const first = (order) => server.api(`logs?limit=1&from=7d&sort=bytes&order=${order}`).then(({ data }) => data[0].id);
      for (const order of ['desc', 'asc']) {
        await grid(page).getByRole('button', { name: 'Bytes' }).click();
        await grid(page).locator(`#row-${await first(order)}[aria-rowindex="2"]`).waitFor();
        assert.equal(await grid(page).getByRole('columnheader', { name: 'Bytes' }).getAttribute('aria-sort'), `${order}ending`);
      }
    });
  });

  test('only what is to be seen is drawn, and more is fetched on the way down', async () => {
    const { data } = await server.api('logs?limit=1&offset=450&from=7d');
    await visit('/logs?range=7d', async (page) => {
      await toTheEnd(page);
      const seen = await rows(page).count();
      assert.ok(seen > 10 && seen < 120, `${seen} rows drawn`);
      await grid(page).evaluate((element) => element.scrollTo({ top: 450 * 30 }));
      await grid(page).locator(`#row-${data[0].id}`).waitFor();
    });
  });

  test('refreshing asks for the first page alone, and is at its start again', async () => {
    await visit('/logs?range=all', async (page) => {
      await toTheEnd(page);
      let asked = 0;
      page.on('request', (request) => { if (request.url().includes('/api/logs?')) asked += 1; });
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByText(/^200 of /).waitFor();
      await grid(page).locator('[aria-rowindex="2"]').waitFor();
      await settled(page);
      assert.equal(asked, 1);
    });
  });

  test('a row is opened by mouse, by keyboard and by its address, with everything known and why', async () => {
    const { data } = await server.api('logs?limit=1&from=7d&min_score=10&sort=bytes');
    const { data: row } = await server.api(`logs/${data[0].id}`);
    await visit(`/logs?row=${row.id}&range=7d`, async (page) => {
      const drawer = page.getByRole('dialog');
      await drawer.getByText('The line itself').waitFor();
      const text = await drawer.innerText();
      for (const said of [row.url, row.raw, row.status, `score ${row.waf.score}`]) assert.ok(text.includes(said), said);
      for (const { id, message, where } of row.matched_rules) {
        for (const said of [String(id), message, where]) assert.ok(text.includes(said), said);
      }
      for (const { value, why } of row.classification) assert.ok(text.includes(value) && text.includes(why), why);
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => !url.searchParams.has('row'));

      await grid(page).focus();
      await page.keyboard.press('j');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/row=/);
      const [id] = param(page, 'row');
      assert.equal(await page.locator('[role="grid"]').getAttribute('aria-activedescendant'), `row-${id}`);
      await drawer.getByRole('button', { name: 'Next row' }).click();
      await page.waitForURL((url) => url.searchParams.get('row') !== id);
    });
  });

  test('values of a row lead to all rows that have them', async () => {
    const { data } = await server.api('logs?limit=1&from=7d&tag=flagged');
    await visit(`/logs?range=7d&row=${data[0].id}`, async (page) => {
      const drawer = page.getByRole('dialog');
      await drawer.getByRole('link', { name: 'only rows with this client ip' }).click();
      const same = await server.api(`logs?limit=1&from=7d&client_ip=${encodeURIComponent(data[0].client_ip)}`);
      await loaded(page, same.total);
      assert.deepEqual([param(page, 'client_ip'), param(page, 'row')], [[data[0].client_ip], []]);
    });
  });

  test('columns are chosen, and kept', async () => {
    await visit('/logs', async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByLabel('Elapsed').check();
      await page.getByLabel('User', { exact: true }).uncheck();
      await page.keyboard.press('Escape');
      const heads = () => grid(page).getByRole('columnheader').allInnerTexts();
      const names = await heads();
      assert.ok(names.includes('Elapsed') && !names.includes('User'), names.join());
      await page.goto(`${server.origin}/logs`);
      await settled(page);
      assert.deepEqual(await heads(), names);
    });
  });

  test('what the filters leave is taken along by who may', async () => {
    await visit('/logs?range=7d&tag=flagged', async (page) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'NDJSON' }).first().click(),
      ]);
      const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
      const { total } = await server.api('logs?limit=1&from=7d&tag=flagged');
      assert.equal(lines.length, total);
      assert.ok(lines.every((text) => JSON.parse(text).tags.includes('flagged')));
    });
    const as = await server.account('victor', 'viewer');
    await visit('/logs', async (page) => {
      await rows(page).first().waitFor();
      assert.equal(await page.getByRole('button', { name: 'Export' }).count(), 0);
    }, { as });
  });

  test('a masked reader sees what stands for people, and that it does', async () => {
    const { data: settings } = await server.api('settings');
    const before = settings.find(({ setting_name: name }) => name === 'gdpr_mode').setting_value;
    await server.api('settings/gdpr_mode', { value: true }, 'PUT');
    try {
      await visit('/logs', async (page) => {
        const client = rows(page).first().getByRole('gridcell').filter({ hasText: /^c-[a-z2-7]{12}/ });
        await client.waitFor();
        assert.match(await client.innerText(), /masked/);
        await rows(page).first().click();
        await page.getByRole('dialog').getByText('The line itself').waitFor();
        assert.doesNotMatch(await page.locator('body').innerText(), /\b10\.0\.0\.\d+\b/);
      });
    } finally {
      await server.api('settings/gdpr_mode', { value: before }, 'PUT');
    }
  });

  test('on a phone rows are cards', async () => {
    await visit('/logs?range=7d', async (page) => {
      await rows(page).first().click();
      await page.getByRole('dialog').getByText('The line itself').waitFor();
      assert.equal(await overflow(page), 0);
    }, { viewport: { width: 360, height: 740 } });
  });
});
