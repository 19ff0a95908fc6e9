// Accounts, keys, second factors and the people in the log: who may see whom.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { account, estate } from './estate.mjs';
import { axe, browse, complaints, open, settled } from './support.mjs';

/** What an authenticator shows now for a secret in base32 (RFC 6238: SHA-1, 30 s, 6 digits). */
function code(secret) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('people', () => {
  let server;
  let browser;
  let page;

  before(async () => { [server, browser] = await Promise.all([estate(), browse()]); });
  after(async () => { await browser?.close(); await server?.stop(); });
  afterEach(async () => {
    // Refusals that a test provokes are in the browser's console, too.
    const said = page ? complaints(page, /status of (403|404|422|503)/) : [];
    await page?.context().close();
    page = null;
    assert.deepEqual(said, []);
  });

  const visit = async (path, options) => {
    page = await open(browser, server, { path, ...options });
    await settled(page);
    return page;
  };
  const dialog = () => page.getByRole('dialog');
  const button = (name, within = page) => within.getByRole('button', { name, exact: true });
  const users = async () => (await server.api('users')).data;
  const bearer = (key) => fetch(`${server.origin}/api/logs?limit=1`, { headers: { authorization: `Bearer ${key}` } });

  test('an account is made, changed, given another password and deleted', async () => {
    await visit('/users');
    await button('New account').click();
    await dialog().getByLabel('Name to sign in with').fill('nora');
    await dialog().getByLabel('What to call them').fill('Nora N');
    await button('Make the account', dialog()).click();
    const first = await dialog().locator('code').innerText();
    assert.deepEqual(await axe(page), []);
    await button('I have put it away', dialog()).click();
    await page.getByRole('row', { name: /nora.*viewer.*password to be changed/ }).waitFor();
    const login = await fetch(`${server.origin}/api/auth/login`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'nora', password: first }),
    });
    assert.equal((await login.json()).password_change_required, true, 'the password shown is the account’s');

    await button('Edit nora').click();
    await dialog().getByLabel('Role').selectOption('auditor');
    await dialog().getByLabel(/pii:read/).check();
    await button('Save', dialog()).click();
    await page.getByRole('row', { name: /nora.*auditor.*sees personal data/ }).waitFor();

    await button('More for nora').click();
    await page.getByRole('menuitem', { name: 'Reset the password' }).click();
    await button('Reset', dialog()).click();
    await dialog().getByText('A password for nora').waitFor();
    assert.notEqual(await dialog().locator('code').innerText(), first);
    await button('I have put it away', dialog()).click();

    await button('More for nora').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog().getByRole('textbox').fill('nora');
    await button('Delete', dialog()).click();
    await page.getByRole('row', { name: /nora/ }).waitFor({ state: 'detached' });
    assert.deepEqual((await users()).filter(({ username }) => username === 'nora'), []);
  });

  test('what is wrong with an account is told at its field; the last admin stays', async () => {
    await visit('/users');
    await button('New account').click();
    await dialog().getByLabel('Name to sign in with').fill('with:colon');
    await button('Make the account', dialog()).click();
    await dialog().locator('[aria-invalid="true"]').waitFor();
    await page.keyboard.press('Escape');
    await button('Edit admin').click();
    assert.ok(await dialog().getByLabel(/pii:read/).isDisabled(), 'nobody grants that to themselves');
    await dialog().getByLabel('Role').selectOption('viewer');
    await button('Save', dialog()).click();
    await dialog().getByRole('alert').or(dialog().locator('[aria-invalid="true"]')).first().waitFor();
    assert.equal((await users())[0].role, 'admin');
    page.complaints = page.complaints.filter((text) => !/status of 409/.test(text));
  });

  test('an API key is shown once, works, and is worth nothing once deleted', async () => {
    await visit('/users?tab=keys');
    await button('New key').click();
    await dialog().getByLabel('What it is for').fill('graphs');
    await dialog().getByLabel('edge', { exact: true }).check();
    await button('Make the key', dialog()).click();
    await dialog().getByText('The key “graphs”').waitFor();
    const key = await dialog().locator('code').innerText();
    assert.equal((await bearer(key)).status, 200);
    await button('I have put it away', dialog()).click();
    const row = page.getByRole('row', { name: /graphs/ });
    assert.match(await row.innerText(), /logs:read[\s\S]*only of edge/);
    assert.ok(!(await page.content()).includes(key), 'it is shown once');
    await button('Delete the key graphs').click();
    await button('Delete', dialog()).click();
    await row.waitFor({ state: 'detached' });
    const { status } = await bearer(key);
    assert.equal(status, 401);
  });

  test('an access secret is shown once, and signs tokens until another is drawn', async () => {
    await account(server, 'sam', 'viewer').then((as) => visit('/users?tab=me', { as }));
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (secret) => {
      const now = Math.floor(Date.now() / 1000);
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'self-signed', sub: 'sam', iat: now, exp: now + 60, scope: 'logs:read' })}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    };
    const draw = async (name) => {
      await button(name).click();
      await button('Draw', dialog()).click();
      await dialog().getByText('Your API access secret').waitFor();
      const secret = await dialog().locator('code').innerText();
      await button('I have put it away', dialog()).click();
      return secret;
    };
    const first = await draw('Draw one');
    assert.equal((await bearer(token(first))).status, 200);
    assert.ok(!(await page.content()).includes(first), 'it is shown once');
    const second = await draw('Draw another');
    assert.equal((await bearer(token(first))).status, 401);
    assert.equal((await bearer(token(second))).status, 200);
  });

  test('a second factor is turned on with a code and off with the password', async () => {
    const as = await account(server, 'tess', 'viewer');
    await visit('/users', { as });
    const on = async () => (await users()).find(({ username }) => username === 'tess').totp;
    await button('Turn on').click();
    await button('Draw a secret', dialog()).click();
    await dialog().getByRole('img', { name: 'QR code of the secret' }).waitFor();
    const secret = await dialog().locator('code').innerText();
    await dialog().getByLabel('Code that the app shows now').fill('000000');
    await button('Confirm', dialog()).click();
    await dialog().locator('[aria-invalid="true"]').waitFor();
    assert.equal(await on(), false);
    await dialog().getByLabel('Code that the app shows now').fill(code(secret));
    await button('Confirm', dialog()).click();
    await button('Turn off').waitFor();
    assert.equal(await on(), true);
    await button('Turn off').click();
    await dialog().getByLabel('Your password').fill(as.password);
    await button('Turn off', dialog()).click();
    await button('Turn on').waitFor();
    assert.equal(await on(), false);
  });

  test('one changes one’s own name and password', async () => {
    const as = await account(server, 'paul', 'viewer');
    await visit('/users?tab=me', { as });
    await page.getByLabel('What to call you').fill('Paul P');
    await button('Save').click();
    await page.getByText('Account: Paul P').or(page.getByRole('button', { name: 'Account: paul' })).first().waitFor();
    await page.getByLabel('Present password').fill(as.password);
    await page.getByLabel('New password', { exact: true }).fill('another long password');
    await page.getByLabel('New password, once more').fill('another long passwort');
    await button('Change the password').click();
    await page.getByText('The two differ.').waitFor();
    await page.getByLabel('New password, once more').fill('another long password');
    await button('Change the password').click();
    await page.getByText('Password changed').first().waitFor();
    // The session goes on.
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel('What to call you').inputValue(), 'Paul P');
  });

  test('a pseudonym is undone with a reason and a second person, on record', async () => {
    const second = await account(server, 'second', 'admin');
    await server.api('settings', { gdpr_mode: true });
    const { data: [row] } = await server.api('logs?limit=1&user=!-&sort=timestamp');
    const pseudonym = row.client_ip;
    assert.match(pseudonym, /^c-/);
    await visit(`/logs?row=${row.id}&range=all`);
    await dialog().getByRole('link', { name: 'reveal this client, with a reason' }).click();
    await settled(page);
    assert.equal(await page.getByLabel('Pseudonym', { exact: true }).inputValue(), pseudonym);
    await page.getByText('Hidden from everybody without pii:read.').waitFor();
    const ask = page.getByRole('region', { name: 'What does a pseudonym stand for?' });
    await ask.getByLabel('Reason').fill('short');
    await button('Reveal').click();
    await ask.getByText(/at least 10 characters/).waitFor();
    await ask.getByLabel('Reason').fill('incident 7 of the security desk');
    await button('Reveal').click();
    await ask.getByText(/waits for a second person/).waitFor();
    const mine = page.getByRole('row', { name: /incident 7/ });
    await mine.getByText('pending').waitFor();
    assert.equal(await mine.getByRole('button').count(), 0, 'nobody approves their own request');

    const other = await open(browser, server, { as: second, path: '/privacy' });
    await other.getByRole('button', { name: /^Approve request \d+ of admin$/ }).click();
    await other.getByRole('row', { name: /incident 7/ }).getByText('approved').waitFor();
    await other.context().close();

    await button('Reveal').click();
    await ask.getByText(/is the client/).waitFor();
    assert.match(await ask.innerText(), /is the client\s+10\.1\.2\.\d/);
    const { data: [entry] } = await server.api('audit-log?action=privacy.reveal&limit=1');
    assert.deepEqual([entry.username, entry.target], ['admin', pseudonym]);
  });

  test('a person is erased by pseudonym, and what was found afterwards is told', async () => {
    await server.api('settings', { gdpr_mode: true });
    const { data } = await server.api('logs?limit=1000');
    const person = data.find(({ url }) => url.includes('old.example')).client_ip;
    await visit('/privacy');
    const erase = page.getByRole('region', { name: 'Erase a person' });
    await erase.getByLabel('Address, or pseudonym').fill(person);
    await erase.getByLabel('Reason').fill('asked for by the person themselves');
    await button('Erase', erase).click();
    await dialog().getByRole('textbox').fill(person);
    await button('Erase', dialog()).click();
    await erase.getByText(/^Erased\./).waitFor();
    const rows = data.filter(({ client_ip: client }) => client === person).length;
    assert.match(await erase.innerText(), new RegExp(`Rows\\s+${rows}\\b`));
    assert.equal((await server.api('logs')).total, data.length - rows);

    const hand = page.getByRole('region', { name: /Hand out/ });
    await hand.getByLabel('Address, or pseudonym').fill('10.1.2.3');
    await button('Download', hand).click();
    await hand.getByText(/needs the scope pii:read\.$/).waitFor();
    await server.api('settings', { gdpr_mode: false });
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download', hand).click()]);
    assert.equal(download.suggestedFilename(), 'person.ndjson');
  });
});
