// Takes the README's picture: the demo's data, light, 1280 wide. With a folder as argument, takes every width in light
// and dark, the drawer, and the login page with what it may ask, into that folder instead, to be looked at.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browse, open, settled, start } from './support.mjs';

const README = fileURLToPath(new URL('../../docs/dashboard.png', import.meta.url));
const [folder] = process.argv.slice(2);
const [server, browser] = await Promise.all([start('demo'), browse()]);

async function take(path, { width, height = 900, drawer = false, ...options }) {
  const page = await open(browser, server, { viewport: { width, height }, reducedMotion: 'reduce', ...options });
  await settled(page);
  if (drawer) {
    await page.locator('.log tbody tr').nth(2).click();
    await page.locator('dialog .raw').waitFor();
  }
  await page.screenshot({ path });
  await page.context().close();
}

/** The login page: as it is found, after a wrong password, and asking for another one. */
async function takeLogin(name, width, colorScheme, temporary) {
  const page = await open(browser, server, { login: false, viewport: { width, height: 640 }, colorScheme });
  const shot = (what) => page.screenshot({ path: join(folder, `${name}-${what}.png`) });
  const enter = async (username, password) => {
    await page.getByLabel('User').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await shot('login');
  await enter('nobody', 'wrong');
  await page.getByText('User or password is wrong.').waitFor();
  await shot('login-wrong');
  await enter(temporary.username, temporary.temporary_password);
  await page.getByText('Choose one of your own').waitFor();
  await shot('login-change');
  await page.context().close();
}

try {
  if (folder) {
    await mkdir(folder, { recursive: true });
    const { data: temporary } = await server.api('users', { username: 'ada' });
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [360, 1280, 1920]) {
        if (width < 1920) await takeLogin(`${colorScheme}-${width}`, width, colorScheme, temporary);
        await take(join(folder, `${colorScheme}-${width}.png`), { width, colorScheme, path: '/?range=7d', height: width === 360 ? 1700 : 1240 });
      }
      await take(join(folder, `${colorScheme}-drawer.png`), { width: 1280, colorScheme, path: '/?outcome=denied', drawer: true });
    }
    await take(join(folder, 'light-360-drawer.png'), { width: 360, height: 740, path: '/?outcome=denied', drawer: true });
  } else {
    await mkdir(join(README, '..'), { recursive: true });
    await take(README, { width: 1280, height: 1240, path: '/?range=7d&outcome=!allowed' });
  }
} finally {
  await browser.close();
  await server.stop();
}
