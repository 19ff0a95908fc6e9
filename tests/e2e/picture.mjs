// Takes the README's picture: the overview on the demo's data, light, 1280 wide. With a folder as argument, takes every
// page in both themes and three widths, and the page to sign in with, into that folder instead, to be looked at.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagesOf } from './pages.mjs';
import { browse, open, settled, start } from './support.mjs';

const README = fileURLToPath(new URL('../../docs/dashboard.png', import.meta.url));
const SIZES = [[360, 740], [1280, 900], [2560, 1440]];
const [folder] = process.argv.slice(2);
const [server, browser] = await Promise.all([start('demo'), browse()]);

async function take(file, path, { width, height, fullPage = false, ...options }) {
  const page = await open(browser, server, { path, viewport: { width, height }, reducedMotion: 'reduce', ...options });
  await settled(page);
  await page.screenshot({ path: file, fullPage });
  await page.context().close();
}

try {
  if (folder) {
    await mkdir(folder, { recursive: true });
    const pages = await pagesOf(server);
    const { data } = await server.api('logs?limit=1&min_score=10');
    for (const colorScheme of ['light', 'dark']) {
      for (const [width, height] of SIZES) {
        const file = (name) => join(folder, `${name}-${colorScheme}-${width}.png`);
        const options = { width, height, colorScheme };
        for (const { name, path } of pages) await take(file(name), path, { ...options, fullPage: true });
        await take(file('row'), `/logs?range=all&row=${data[0].id}`, options);
        await take(file('sign-in'), '/login', { ...options, login: false });
      }
    }
  } else {
    await mkdir(join(README, '..'), { recursive: true });
    await take(README, '/?range=7d', { width: 1280, height: 1240 });
  }
} finally {
  await browser.close();
  await server.stop();
}
