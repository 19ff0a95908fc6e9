// From a spike to the line and the rule: the pages about clients, domains, services, threats and rules.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { browse, complaints, line, open, serving, settled, start } from './support.mjs';

const number = (value) => value.toLocaleString('en-GB');
const ATTACK = "http://shop.example/?id=1%2527%20OR%201=1--";

describe('traffic and threats', () => {
  let server;
  let browser;
  let page;

  before(async () => { [server, browser] = await Promise.all([start('demo'), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });
  afterEach(async () => {
    const said = page?.complaints ?? [];
    await page?.context().close();
    page = null;
    assert.deepEqual(said, []);
  });

  const visit = async (path, options) => {
    page = await open(browser, server, { path, ...options });
    await settled(page);
    return page;
  };
  const region = (name) => page.getByRole('region', { name, exact: true });

  test('clients are those of the API, found by typing, and lead to their rows', async () => {
    const { data } = await server.api('clients/statistics?limit=500&from=7d');
    await visit('/clients?range=7d');
    const rows = region('Clients').locator('tbody tr');
    assert.equal(await rows.count(), Math.min(100, data.clients.length));
    assert.match(await rows.first().innerText(), new RegExp(`${data.clients[0].ip_address.replaceAll('.', '\\.')}[^]*${number(data.clients[0].requests)}`));
    await page.getByRole('button', { name: /^Last seen/ }).click();
    await page.getByLabel('Find a client').fill(data.clients[3].ip_address);
    await page.waitForURL(/[?&]q=/);
    assert.ok((await rows.allInnerTexts()).every((text) => text.includes(data.clients[3].ip_address)));
    await rows.first().getByRole('link', { name: data.clients[3].ip_address, exact: true }).click();
    await page.waitForURL(/\/clients\/.*range=7d/);
    await settled(page);
    await page.getByRole('link', { name: 'Blocked', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/logs' && url.searchParams.get('client_ip') === data.clients[3].ip_address && url.searchParams.get('tag') === 'blocked');
    await settled(page);
  });

  test('a domain tells who asked for it, in the same numbers as the log', async () => {
    const [top] = (await server.api('domains/statistics?limit=1&from=7d')).data;
    const { total } = await server.api(`logs?domain=${top.domain_name}&from=7d&limit=1`);
    const { data } = await server.api(`domains/${top.domain_name}/details?from=7d`);
    assert.ok(Math.abs(total - data.requests) <= 2 + total * 0.02, `${total} rows, ${data.requests} requests`);
    await visit('/domains?range=7d');
    await region('Domains').getByRole('link', { name: top.domain_name, exact: true }).first().click();
    await page.waitForURL(/\/domains\/./);
    await settled(page);
    const clients = page.getByRole('table', { name: 'Clients of this domain' });
    assert.ok((await clients.innerText()).includes(number(data.clients[0].requests)));
    await clients.getByRole('link', { name: `Rows of ${data.clients[0].ip_address}` }).first().click();
    await page.waitForURL((url) => url.pathname === '/logs' && url.searchParams.get('domain') === top.domain_name);
  });

  test('a service is sanctioned by an administrator, and by nobody else', async () => {
    const before = (await server.api('analytics/shadow-it?from=7d')).data.find(({ sanctioned }) => !sanctioned);
    await visit('/services?range=7d');
    await page.getByRole('button', { name: `Sanction ${before.name}`, exact: true }).click();
    await page.getByText(`${before.name} is sanctioned from now on.`).first().waitFor();
    await page.getByRole('button', { name: `No longer sanction ${before.name}`, exact: true }).click();
    await page.getByText(`${before.name} is not sanctioned from now on.`).first().waitFor();
    const after = (await server.api('analytics/shadow-it?from=7d')).data.find(({ name }) => name === before.name);
    assert.equal(after.sanctioned, false);
    const { data: audit } = await server.api('audit-log?limit=2');
    assert.ok(audit.every(({ username }) => username === 'admin'));
    await page.context().close();

    const as = await server.account('walt', 'viewer');
    await visit('/services?range=7d', { as });
    assert.equal(await page.getByRole('button', { name: /anction / }).count(), 0);
    assert.match(await page.locator('main').innerText(), /administrator decides/);
  });

  test('from threats over a rule to its rows in three clicks', async () => {
    const { data } = await server.api('waf/stats?from=7d');
    const [rule] = data.top_rules;
    await visit('/threats?range=7d');
    await page.getByRole('table', { name: 'Rules by hits' }).getByRole('link', { name: rule.message }).first().click();
    await page.waitForURL(new RegExp(`/rules/${rule.id}`));
    await settled(page);
    assert.match(await page.locator('main pre').innerText(), new RegExp(`id:${rule.id}`));
    await region('Rows that the rule matched').getByRole('link', { name: /, row \d+$/ }).first().click();
    await page.waitForURL(/\/logs\?.*row=\d+/);
    await page.getByRole('dialog').getByText(String(rule.id)).first().waitFor();
  });

  test('the scores lead to the rows that have them', async () => {
    await visit('/threats?range=7d');
    await page.getByRole('button', { name: /Score 10–14, show these and worse/ }).click();
    await page.waitForURL((url) => url.pathname === '/logs' && url.searchParams.get('min_score') === '10');
    await settled(page);
    const { total } = await server.api('logs?min_score=10&from=7d&limit=1');
    assert.ok((await page.locator('main').innerText()).includes(number(total)));
  });

  test('a finding is opened, dismissed with a word why, and opened again', async (t) => {
    // The detectors have had no time of their own yet.
    await server.api('jobs/findings/run', {}).catch(() => t.skip('no detectors'));
    let findings = [];
    for (let tries = 0; findings.length === 0 && tries < 100; tries += 1) {
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      findings = (await server.api('findings?limit=5').catch(() => ({ data: [] }))).data;
    }
    if (findings.length === 0) return;
    const [finding] = findings;
    await visit(`/findings/${finding.id}`);
    assert.ok((await page.locator('main').innerText()).includes(finding.summary.slice(0, 40)));
    await page.getByLabel('Why it is dismissed').fill('looked into, it is the backup');
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
    await page.getByText('The finding is dismissed.').first().waitFor();
    const { data } = await server.api(`findings/${finding.id}`);
    assert.deepEqual([data.status, data.note], ['dismissed', 'looked into, it is the backup']);
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByText('The finding is open again.').first().waitFor();
    assert.equal((await server.api(`findings/${finding.id}`)).data.status, 'open');
  });

  test('rules are found by words, category, technique and state', async () => {
    const { data } = await server.api('waf/rules?limit=1000&from=7d');
    await visit('/rules?range=7d');
    const heading = page.getByRole('heading', { level: 2 }).first();
    assert.equal(await heading.innerText(), `${data.length} of ${data.length} rules`);
    await page.getByLabel('Which rules').selectOption('hit');
    const hit = data.filter(({ hits }) => hits > 0).length;
    await page.getByText(`${hit} of ${data.length} rules`).waitFor();
    await page.getByLabel('Category').selectOption('sql');
    const sql = data.filter(({ hits, category }) => hits > 0 && category === 'sql').length;
    await page.getByText(`${sql} of ${data.length} rules`).waitFor();
    await page.reload();
    await page.getByText(`${sql} of ${data.length} rules`).waitFor();
    await page.goto(`${server.origin}/rules?technique=T1571`);
    await page.getByRole('button', { name: 'Remove the filter T1571' }).click();
    await page.getByText(`${data.length} of ${data.length} rules`).waitFor();
  });

  test('a category is switched off and on', async () => {
    await visit('/rules?tab=categories');
    await page.getByRole('button', { name: 'Switch off xss' }).click();
    await page.getByRole('button', { name: 'Switch on xss' }).waitFor();
    const xss = async () => (await server.api('waf/categories')).data.find(({ name }) => name === 'xss').enabled;
    assert.equal(await xss(), false);
    await page.getByRole('button', { name: 'Switch on xss' }).click();
    await page.getByRole('button', { name: 'Switch off xss' }).waitFor();
    assert.equal(await xss(), true);
  });

  test('a pattern is tried on stored rows, and a bad one is told at its field', async () => {
    await visit('/rules?tab=test');
    await page.getByLabel('Hours back').fill('48');
    await page.getByLabel('Regular expression').fill('upload');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: /^[\d,]+ of [\d,]+ rows match$/ }).waitFor();
    const urls = await region('Rows that match').locator('tbody tr').allInnerTexts();
    assert.ok(urls.length > 0 && urls.every((text) => /upload/i.test(text)));
    await page.getByLabel('Regular expression').fill('upload(');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.locator('textarea[aria-invalid="true"]').waitFor();
    page.complaints = complaints(page, /status of 422/);
  });

  test('a URL is explained, and the explanation is a link', async () => {
    const { data } = await server.api('waf/score', { url: ATTACK, method: 'GET' });
    await visit('/rules?tab=explain');
    await page.getByLabel('URL', { exact: true }).fill(ATTACK);
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    const verdict = page.getByRole('heading', { name: new RegExp(`^Score ${data.score}`) });
    await verdict.waitFor();
    const said = await page.locator('main').innerText();
    for (const { message, fragment } of data.matched_rules) assert.ok(said.includes(message) && said.includes(fragment), message);
    assert.match(said, /urlDecodeUni/);
    await page.reload();
    await verdict.waitFor();
  });
});

describe('nothing there', () => {
  test('says what to do, on every page', async () => {
    const browser = await browse();
    await serving([], async (server) => {
      const page = await open(browser, server, { path: null });
      for (const [path, words] of [
        ['/clients', /No client in this time/], ['/domains', /No request in this time/], ['/services', /No known service/],
        ['/files', /None in this time/], ['/threats', /No rule matched in this time/],
      ]) {
        await page.goto(server.origin + path);
        await settled(page);
        assert.match(await page.locator('main').innerText(), words, path);
      }
      for (const [path, words] of [['/clients/10.9.9.9', /no client of that address/i], ['/domains/nothing.example', /no request to that domain/i],
        ['/rules/1', /no rule of that id/i], ['/rules/x', /no such rule/i], ['/findings/4711', /no finding|nothing here/i],
        ['/findings/x', /no such finding/i]]) {
        await page.goto(server.origin + path);
        await settled(page);
        assert.match(await page.locator('main').innerText(), words, path);
      }
      assert.deepEqual(complaints(page, /status of 404/), []);
      await page.context().close();
    }).finally(() => browser.close());
  });

  test('what fails is told in its panel, and trying again helps', async () => {
    const browser = await browse();
    await serving([line(60, 'http://here.example/')], async (server) => {
      const page = await open(browser, server, { path: null });
      const failing = (route) => route.fulfill({ status: 500, json: { code: 'internal', detail: 'it broke', request_id: 'abc' } });
      await page.route('**/api/clients/statistics*', failing);
      await page.goto(`${server.origin}/clients`);
      await page.getByRole('alert').filter({ hasText: 'abc' }).waitFor();
      await page.unroute('**/api/clients/statistics*', failing);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('link', { name: '10.1.2.3', exact: true }).waitFor();
      assert.equal(await page.getByRole('alert').count(), 0);
      assert.deepEqual(complaints(page, /status of 500/), []);
      await page.context().close();
    }).finally(() => browser.close());
  });
});
