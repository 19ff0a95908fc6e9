// Signing in and out in a browser, another password where one is due, and a session that ends under a page.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, browse, complaints, open, overflow, settled, start } from './support.mjs';

/** What an authenticator shows now (RFC 6238). */
function code(base32) {
  const bits = [...base32].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(step).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('signing in', () => {
  let browser;
  let directory;
  let server;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tidegate-e2e-'));
    [server, browser] = await Promise.all([start('serve', '--data-dir', join(directory, 'data')), browse()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const visit = (options) => open(browser, server, { login: false, ...options });
  const enter = async (page, username, password) => {
    await page.getByLabel('User', { exact: true }).fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const leave = async (page) => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  // A browser reports every refusal as an error of its own; those are what is tested here.
  const REFUSED = /status of (401|403|422|429)/;

  test('whoever is not signed in is asked to, comes back to where they wanted, and leaves again', async () => {
    const page = await visit({ path: '/logs?outcome=denied&range=7d' });
    await page.waitForURL('**/login?next=*');
    await enter(page, 'admin', 'wrong');
    await page.getByText('User or password is wrong.').waitFor();
    await enter(page, 'admin', server.password);
    await page.waitForURL('**/logs?outcome=denied&range=7d');
    await settled(page);
    await leave(page);
    await page.waitForURL('**/login');
    await page.goto(`${server.origin}/`);
    await page.waitForURL('**/login?next=*');
    assert.deepEqual(complaints(page, REFUSED), []);
    await page.context().close();
  });

  test('nobody is sent elsewhere', async () => {
    const elsewhere = ['https://evil.example/', '//evil.example/', '/%5Cevil.example', 'javascript:alert(1)', '%09//evil.example'];
    for (const next of [...elsewhere, '/.//evil.example/', '/%252e//evil.example/', '/a/..//evil.example/', '//']) {
      const page = await visit({ path: `/login?next=${next}` });
      await enter(page, 'admin', server.password);
      await page.locator('main h1').filter({ hasNotText: /^Tidegate$/ }).waitFor();
      assert.equal(new URL(page.url()).origin, server.origin, next);
      assert.deepEqual(complaints(page, REFUSED), [], next);
      await page.context().close();
    }
  });

  test('a password somebody else chose is changed first', async () => {
    const { data } = await server.api('users', { username: 'ada', role: 'viewer' });
    const page = await visit();
    await enter(page, 'ada', data.temporary_password);
    await page.getByText('Choose one of your own').waitFor();
    // Every page is shut, and leads back here.
    await page.goto(`${server.origin}/clients`);
    await page.getByText('Choose one of your own').waitFor();
    await page.getByLabel('Present password').fill(data.temporary_password);
    const wish = async (text, again) => {
      await page.getByLabel('New password', { exact: true }).fill(text);
      await page.getByLabel('New password, once more').fill(again ?? text);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    await wish('one thing', 'another thing');
    await page.getByText('The two new passwords differ.').waitFor();
    await wish('password1234');
    await page.getByText(/is weak|too (weak|common)|easy to guess/i).first().waitFor();
    await wish('four unrelated words here');
    await page.waitForURL(`${server.origin}/clients`);
    await settled(page);
    assert.deepEqual(complaints(page, REFUSED), []);
    await page.context().close();
  });

  test('a session that ends under a page takes nothing of it away', async () => {
    const as = await server.account('eve', 'viewer');
    const page = await open(browser, server, { as, path: '/clients?q=typed' });
    await settled(page);
    await page.evaluate(() => { globalThis.stillHere = true; });
    await page.context().clearCookies();
    await page.getByLabel('Find a client').fill('typed more');
    await page.getByRole('navigation').first().getByRole('link', { name: 'Domains' }).click();
    const dialog = page.getByRole('dialog', { name: /session has ended/i });
    await dialog.waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    await dialog.getByLabel('Password').fill(as.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await settled(page);
    assert.equal(new URL(page.url()).pathname, '/domains');
    assert.ok(await page.evaluate(() => globalThis.stillHere), 'the page was not loaded anew');
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(complaints(page, REFUSED), []);
    await page.context().close();
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`it fits a phone and has names, ${colorScheme}`, async () => {
      const page = await visit({ colorScheme, viewport: { width: 360, height: 640 } });
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await axe(page), []);
      assert.deepEqual(complaints(page, REFUSED), []);
      await page.context().close();
    });
  }

  // The last one: whoever comes from here is turned away for a while.
  test('a code is asked for where there is a second factor, and too many tries are said to be', async () => {
    await server.api('users', { username: 'bob', password: 'a password for bob only' });
    const page = await visit();
    const ask = (path, data) => page.context().request.post(server.origin + path, { data });
    await ask('/login', { username: 'bob', password: 'a password for bob only' });
    const { secret } = (await (await ask('/api/auth/totp', {})).json()).data;
    assert.equal((await ask('/api/auth/totp', { code: code(secret) })).status(), 200);
    await ask('/logout', {});
    await enter(page, 'bob', 'a password for bob only');
    await page.getByLabel('Code of your authenticator').fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('That code is wrong or was used').waitFor();
    for (let n = 0; n < 4; n += 1) await ask('/login', { username: 'bob', password: 'x' });
    await page.getByLabel('Code of your authenticator').fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/Too many failed tries\. Try again in \d+ minutes?\./).waitFor();
    await page.context().close();
  });
});
