// The pages of administration, each by its main path, on a server that has something to look after.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { account, estate, UNREADABLE } from './estate.mjs';
import { axe, browse, complaints, open, overflow, settled, start } from './support.mjs';

const PARTS = ['/score?check=traffic.direct_ip', '/audit', '/settings', '/sources', '/jobs', '/jobs?tab=history', '/jobs?tab=archives',
  '/jobs?tab=retention', '/users?tab=me', '/users?tab=keys', '/users?tab=users', '/users?tab=limits', '/privacy', '/about'];
/** sysexits.h’s EX_TEMPFAIL: whoever supervises it starts it again. */
const TEMPFAIL = 75;
const number = (value) => value.toLocaleString('en-GB');

describe('administration', () => {
  let server;
  let browser;
  let page;

  before(async () => { [server, browser] = await Promise.all([estate(), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });
  afterEach(async () => {
    const said = page ? complaints(page) : [];
    await page?.context().close();
    page = null;
    assert.deepEqual(said, []);
  });

  const visit = async (path, options) => {
    page = await open(browser, server, { path, ...options });
    await settled(page);
    return page;
  };
  const panel = (name) => page.getByRole('region', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const button = (name, within = page) => within.getByRole('button', { name, exact: true });
  const setting = async (name) => (await server.api('settings')).data.find((row) => row.setting_name === name);

  test('the score is that of the API, and a check leads to the rows that prove it', async () => {
    const { data } = await server.api('security/score');
    await visit('/score');
    assert.equal(await page.getByRole('meter', { name: 'Security score' }).getAttribute('aria-valuenow'), String(data.score));
    assert.equal(await page.locator('details').count(), data.checks.length);
    const unmet = data.checks.filter(({ status }) => !['passed', 'unknown'].includes(status));
    await button(`Only what is not passed (${unmet.length})`).click();
    assert.equal(await page.locator('details').count(), unmet.length);

    await page.locator('[id="traffic.direct_ip"] summary').click();
    assert.match(page.url(), /check=traffic\.direct_ip/);
    const check = page.locator('[id="traffic.direct_ip"]');
    await check.getByRole('link', { name: 'Show all 2 rows' }).click();
    await page.waitForURL(/\/logs\?.*tag=ip_literal/);
    await page.goBack();
    await page.locator('[id="traffic.direct_ip"][open]').waitFor();
    await page.locator('[id="squid.catch_all"]').waitFor({ state: 'detached' });
    assert.match(await page.locator('[id="squid.to_localhost"]').innerText(), /to_localhost|own machine/);
  });

  test('the history of the score begins with its job', async () => {
    await visit('/score');
    await panel('History').getByRole('link', { name: 'Run it now' }).click();
    await settled(page);
    await button('Run now: score').click();
    await page.getByRole('row', { name: /^score / }).getByText('done').waitFor();
    await page.goBack();
    await page.reload();
    await settled(page);
    const { data } = await server.api('security/score');
    await button('Show as table', panel('History')).click();
    assert.equal(await panel('History').getByRole('cell').last().innerText(), String(data.history.at(0).score));
  });

  test('settings are saved together, faults are told where they are, and what was set is forgotten again', async () => {
    await visit('/settings?q=retention%20days');
    const days = page.getByRole('textbox', { name: 'Log retention days' });
    const audit = page.getByRole('textbox', { name: 'Audit retention days' });
    await days.fill('45');
    await audit.fill('7');
    await button('Save').click();
    await page.getByText('takes a whole number from 30 to 3650').waitFor();
    assert.equal((await setting('log_retention_days')).setting_value, 30, 'all or nothing');
    await audit.fill('90');
    await button('Save').click();
    await page.getByText('Settings saved').first().waitFor();
    assert.deepEqual([(await setting('log_retention_days')).setting_value, (await setting('audit_retention_days')).setting_value], [45, 90]);

    await page.goto(`${server.origin}/settings?show=changed`);
    await settled(page);
    await button('Reset Log retention days').click();
    await button('Reset', dialog()).click();
    await page.locator('#log_retention_days').waitFor({ state: 'detached' });
    assert.equal((await setting('log_retention_days')).source, 'default');
  });

  test('what the server alone can judge is told at its field', async () => {
    await visit('/settings?q=retention_rows_schedule');
    const field = page.getByRole('textbox', { name: 'Retention rows schedule' });
    await field.fill('0 5 4 * * *');
    await page.getByText('every day at 04:05 UTC').waitFor();
    await field.fill('whenever');
    await button('Save').click();
    await page.getByText(/cron pattern of six fields/).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    // What was typed is not lost by accident.
    await page.getByRole('link', { name: 'About' }).click();
    await dialog().getByText('1 change is not saved.').waitFor();
    await button('Cancel', dialog()).click();
    assert.equal(await field.inputValue(), 'whenever');
    await button('Discard').click();
    assert.equal(await field.inputValue(), (await setting('retention_rows_schedule')).setting_value);
    page.complaints = page.complaints.filter((text) => !/status of 422/.test(text));
  });

  test('secrets are set and never shown', async () => {
    await visit('/settings?q=smtp_password');
    const field = page.locator('#smtp_password input');
    await field.fill('a secret of the mail server');
    await button('Save').click();
    await page.getByText('Settings saved').first().waitFor();
    await page.locator('#smtp_password input[placeholder^="set;"]').waitFor();
    assert.equal(await field.inputValue(), '');
    assert.doesNotMatch(await page.content(), /a secret of the mail server/);
  });

  test('long lists are imported, bad lines are named', async () => {
    await visit('/settings?q=ignored_hosts');
    await button('All entries (0)').click();
    await dialog().getByLabel('Or paste entries').fill('ads.example\nnot a host!\ntracker.example');
    await button('Add', dialog()).click();
    await dialog().getByText(/^2 added/).waitFor();
    assert.match(await dialog().innerText(), /line 2: not a host!/);
    await dialog().getByText('tracker.example').first().waitFor();
    assert.equal((await server.api('lists/ignored_hosts')).total, 2);
  });

  test('every change is in the audit log, with how it was before and after; the log is verified', async () => {
    await server.api('settings/session_hours', { value: 5 }, 'PUT');
    await visit('/audit');
    await button('Settings').click();
    await page.waitForURL(/action=settings/);
    await settled(page);
    const { data } = await server.api('audit-log?action=settings.*&limit=1000');
    const rows = page.getByRole('region', { name: 'Entries of the audit log' }).getByRole('row');
    assert.equal(await rows.count(), data.length + 1);
    assert.match(await rows.nth(1).innerText(), /session_hours[\s\S]*8 → 5/);
    await button(`Details of entry ${data[0].id}`).click();
    await dialog().getByText(data[0].hash).waitFor();
    assert.match(await dialog().getByRole('row', { name: /value/ }).innerText(), /8\s+5/);
    await page.keyboard.press('Escape');
    await button('Verify the log').click();
    await page.getByText(/^All \d+ entries are as they were written/).waitFor();
  });

  test('nothing in the audit log says so, and leads out', async () => {
    await visit('/audit?action=no.such');
    await button('Clear the filters').click();
    await page.getByRole('region', { name: 'Entries of the audit log' }).waitFor();
    assert.doesNotMatch(page.url(), /action=/);
  });

  test('sources tell how they do, their blind spots with the mend, and what they rejected', async () => {
    await visit('/sources');
    const edge = page.getByRole('article', { name: 'Source edge' });
    await page.getByRole('article', { name: 'Source branch' }).getByText('Degraded').waitFor();
    await edge.getByText('hold the User-Agent').click();
    assert.match(await edge.locator('details[open] code').innerText(), /logformat .*User-Agent/);
    const rejects = panel('Rejected lines');
    const samples = await rejects.getByRole('listitem').allInnerTexts();
    assert.equal(samples.length, UNREADABLE.length);
    assert.ok(samples.some((text) => text.includes('<img src=x onerror=alert(1)>')), 'as it was written');
    assert.ok(samples.some((text) => text.includes('\\u{202e}')), 'what is not seen is written out');
    assert.equal(await rejects.locator('img').count(), 0);
    await button('Only these', rejects.getByRole('row', { name: /bad_time/ })).click();
    await page.waitForURL(/reason=bad_time/);
    await button('Read again', rejects).click();
    await button('Read again', dialog()).click();
    await dialog().getByText('0 of 1 lines are rows now.').waitFor();
  });

  test('an archive is written, handed out and deleted; its name has to be typed', async () => {
    await visit('/jobs?tab=archives');
    await panel('Archives').getByText('No archive yet').waitFor();
    await button('Write one now').click();
    await page.getByRole('link', { name: /^Download tidegate-/ }).waitFor();
    const { data: [archive] } = await server.api('archives');
    assert.equal(archive.rows, 15);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Download ${archive.name}` }).click()]);
    assert.equal(download.suggestedFilename(), archive.name);
    await button(`Delete ${archive.name}`).click();
    assert.ok(await button('Delete', dialog()).isDisabled());
    await dialog().getByRole('textbox').fill(archive.name);
    await button('Delete', dialog()).click();
    await panel('Archives').getByText('No archive yet').waitFor();
    assert.deepEqual((await server.api('archives')).data, []);
  });

  test('retention says what would go, and removes that', async () => {
    await visit('/jobs?tab=retention');
    await page.getByLabel('Days to keep').fill('1');
    const { delete_count: doomed, total_count: total } = await server.api('retention-preview?days=1');
    assert.equal(doomed, 15);
    await button(`Remove ${number(doomed)} rows`).click();
    assert.ok(await button('Remove', dialog()).isDisabled(), 'the word is to be typed');
    await button('Cancel', dialog()).click();
    assert.equal((await server.api('retention-preview')).total_count, total);
    await button(`Remove ${number(doomed)} rows`).click();
    await dialog().getByRole('textbox').fill('remove');
    await button('Remove', dialog()).click();
    await page.getByText(`Cleared old logs: ${number(doomed)} rows`).first().waitFor();
    assert.equal((await server.api('retention-preview')).total_count, total - doomed);
    assert.ok(await button('Remove 0 rows').isDisabled());
  });

  test('runs of jobs are listed, with what came of them', async () => {
    await server.api('jobs/maintenance.analyze/run', {});
    await visit('/jobs?tab=history&job=maintenance.analyze');
    const runs = page.getByRole('region', { name: 'Runs of jobs' });
    assert.match(await runs.getByRole('row').nth(1).innerText(), /maintenance\.analyze\s+(done|running)[\s\S]*admin/);
    await page.getByLabel('Job', { exact: true }).selectOption('');
    await page.waitForURL((url) => !url.search.includes('job='));
    await settled(page);
    const { total } = await server.api('jobs/runs');
    assert.ok((await page.locator('main').getByRole('navigation', { name: 'Pages' }).innerText()).startsWith(`${total} of ${total} runs`));
  });

  test('about says what runs, and reloads the configuration', async () => {
    const { data: version } = await server.api('version');
    const { data: licence } = await server.api('license/status');
    await visit('/about');
    await page.getByText(`Tidegate ${version.version}`, { exact: true }).waitFor();
    await panel('Health').getByText(/^branch: no such file/).waitFor();
    await page.getByText(`made of ${licence.dependencies.length} packages`).waitFor();
    await page.getByLabel('Find a package').fill('axum');
    assert.match(await page.getByRole('region', { name: 'Packages' }).innerText(), /axum/);
    await button('Reload').click();
    await page.getByText(/^In force: .*\d+ rules, 2 sources\./).waitFor();
    await button('Check for updates').click();
    await page.getByText('Nobody was asked: no address is configured.').waitFor();
  });

  test('whoever may not is told so, and nothing is asked that would be refused', async () => {
    const as = await account(server, 'vera', 'viewer');
    await visit('/', { as });
    for (const path of ['/settings', '/audit', '/jobs', '/jobs?tab=history', '/jobs?tab=archives', '/jobs?tab=retention', '/users?tab=users', '/users?tab=limits', '/sources', '/privacy', '/about']) {
      await page.goto(server.origin + path);
      await settled(page);
      assert.match(await page.locator('main').innerText(), /administrators\. You are signed in as vera/, path);
    }
  });

  test('a certificate is generated, replaced and deleted; its key is never read back', async () => {
    const https = async () => (await server.api('tls-cert')).data.pairs.find((pair) => pair.for === 'https');
    await visit('/settings?q=https');
    // The first of the two is HTTPS'.
    await button('Generate').first().click();
    await dialog().getByLabel('Host names and addresses').fill('proxy.example 192.0.2.1');
    await dialog().getByLabel('Days it is valid').fill('0');
    await button('Generate', dialog()).click();
    await dialog().getByText(/1 to 3650|from 1/).waitFor();
    await dialog().getByLabel('Days it is valid').fill('90');
    await button('Generate', dialog()).click();
    await page.getByText('proxy.example, 192.0.2.1').waitFor();
    const { certificate, has_key: hasKey } = await https();
    assert.deepEqual([certificate.sans, hasKey], [['proxy.example', '192.0.2.1'], true]);
    await page.getByText(certificate.fingerprint_sha256).waitFor();
    assert.doesNotMatch(await page.content(), /PRIVATE KEY/);

    await button('Upload').first().click();
    await dialog().getByLabel('PEM text').fill('no certificate');
    await button('Upload', dialog()).click();
    await dialog().getByText(/PEM/).last().waitFor();
    await page.keyboard.press('Escape');
    assert.equal((await https()).certificate.fingerprint_sha256, certificate.fingerprint_sha256);

    await button('Delete').first().click();
    await button('Delete', dialog()).click();
    await page.getByText('No certificate yet.').nth(1).waitFor();
    assert.equal((await https()).certificate, null);
    page.complaints = page.complaints.filter((text) => !/status of 422/.test(text));
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`every part of these pages is whole, ${colorScheme}`, async () => {
      await visit('/', { colorScheme, reducedMotion: 'reduce' });
      const faults = [];
      for (const path of PARTS) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(server.origin + path);
        await settled(page);
        faults.push(...(await axe(page)).map((fault) => `${path}: ${fault}`));
        await page.setViewportSize({ width: 360, height: 740 });
        const pixels = await overflow(page);
        if (pixels > 0) faults.push(`${path}: ${pixels} px too wide at 360`);
      }
      assert.deepEqual(faults, []);
    });
  }

  test('a restart that nothing would follow is refused', async () => {
    await visit('/about');
    await button('Restart').click();
    await button('Restart', dialog()).click();
    await dialog().getByText(/^Nothing would start Tidegate again/).waitFor();
    page.complaints = page.complaints.filter((text) => !/status of 409/.test(text));
  });

  test('a restart ends the process, for its supervisor to start it again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidegate-restart-'));
    const [config, data] = [join(directory, 'config.toml'), join(directory, 'data')];
    await writeFile(config, '[server]\nsupervised = "yes"\n');
    const supervised = await start('serve', '--config', config, '--data-dir', data);
    try {
      page = await open(browser, supervised, { path: '/about' });
      await settled(page);
      await button('Restart').click();
      await button('Restart', dialog()).click();
      await page.getByText('Restarting').first().waitFor();
      assert.equal(await supervised.gone, TEMPFAIL);
      await page.getByText('The server can’t be reached').first().waitFor({ timeout: 30_000 });
      page.complaints = page.complaints.filter((text) => !/ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET)/.test(text));
    } finally {
      await supervised.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('every row goes once that is typed, and nothing else', async () => {
    await visit('/jobs?tab=retention');
    const { total_count: total } = await server.api('retention-preview');
    assert.ok(total > 0);
    await button('Remove everything').click();
    await dialog().getByRole('textbox').fill('remove');
    assert.ok(await button('Remove everything', dialog()).isDisabled());
    await dialog().getByRole('textbox').fill('remove everything');
    await button('Remove everything', dialog()).click();
    await page.getByText(new RegExp(`: ${number(total)} rows$`)).first().waitFor();
    assert.equal((await server.api('retention-preview')).total_count, 0);
    assert.ok((await server.api('users')).data.length > 0);
    await page.goto(`${server.origin}/logs?range=all`);
    await page.getByText('No rows in this time').waitFor();
  });
});
