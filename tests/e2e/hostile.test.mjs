// A log written by an enemy is text and nothing else, wherever it is shown.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browse, complaints, line, open, overflow, serving, settled } from './support.mjs';

const MARKUP = '<img/src=x/onerror=alert(1)>';
const SPACED = '<img src=x onerror=alert(1)>';
const LINES = [
  line(120, `http://evil.example/${MARKUP}"><script>alert(1)</script>`, { user: MARKUP }),
  line(119, `http://evil.example/${SPACED}`),
  line(118, 'http://evil.example/\u202egnp.exe\u202c\u2066\u200b', { user: 'u\u202eser' }),
  line(117, 'http://evil.example/\u001b[31mred\u001b[0m\u0007\u0000x'),
  line(116, 'javascript:alert(document.domain)'),
  line(115, `http://evil.example/${'w'.repeat(65_536)}`),
  line(114, `${'long-host'.repeat(500)}.example:443`, { user: 'n'.repeat(5000) }),
  line(113, `http://evil.example/${'Z\u0351\u036b\u0343'.repeat(40)}`),
  line(112, "http://evil.example/?q=<svg/onload=alert(1)>'||1=1--&x={{7*7}}${alert(1)}"),
  line(111, 'http://<b>bold</b>.example/file.<i>x</i>', { method: '<u>GET</u>' }),
  line(110, 'http://evil.example/ok.js', { result: 'TCP_DENIED/403' }),
];
const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u001b\u0007]/;

/** Elements that text from the log could have become, and links that lead anywhere else. */
const made = (page) => page.locator('main').evaluate((main) =>
  [...main.querySelectorAll('img, script, b b, u, i, iframe, [onerror], [onload], a[href^="javascript" i], a[href^="//"], a[href^="http"]')]
    .filter((element) => !(element instanceof HTMLAnchorElement && element.origin === location.origin))
    .map((element) => element.outerHTML.slice(0, 200)));

describe('a hostile log', () => {
  let browser;
  before(async () => { browser = await browse(); });
  after(async () => { await browser?.close(); });

  test('is text on every page that shows it', async () => {
    await serving(LINES, async (server) => {
      const { data: rows } = await server.api('logs');
      assert.ok(rows.length >= 8, `${rows.length} rows`);
      const page = await open(browser, server, { path: null });
      const { data: domains } = await server.api('domains/statistics');
      const paths = ['/', '/logs', '/clients', '/clients/10.1.2.3', '/domains', '/services', '/files', '/threats', '/rules', '/sources',
        ...rows.map(({ id }) => `/logs?row=${id}`),
        ...domains.map(({ domain_name }) => `/domains/${encodeURIComponent(domain_name)}`)];
      for (const path of paths) {
        await page.goto(server.origin + path);
        await settled(page);
        assert.deepEqual(await made(page), [], path);
        assert.doesNotMatch(await page.locator('body').innerText(), HIDDEN, path);
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          assert.equal(await overflow(page), 0, `${path} at ${width} px`);
        }
      }
      await page.goto(`${server.origin}/logs`);
      await settled(page);
      const text = await page.locator('main').innerText();
      assert.ok(text.includes('javascript:alert'), 'shown as it was logged');
      assert.ok(text.includes('<img/src=x/onerror=alert(1)>') || text.includes('<script>'), 'shown as it was logged');
      // What a domain has no row of is a 404 of the API, and the browser says so in its console.
      assert.deepEqual(complaints(page, /status of (404|422)/), []);
      await page.context().close();
    });
  });

  test('so is a hostile link to the dashboard itself', async () => {
    await serving([line(60, 'http://plain.example/')], async (server) => {
      const page = await open(browser, server, { path: null });
      const evil = encodeURIComponent(`${SPACED}"'\u202e`);
      for (const path of [`/logs?client_ip=${evil}&outcome=${evil}&keyword=${evil}&row=1&range=${evil}&from=${evil}`, `/clients/${evil}`,
        `/domains/${evil}`, `/rules/${evil}`, `/findings/${evil}`, `/rules?tab=${evil}&category=${evil}&q=${evil}`, `/threats?tab=${evil}`, `/${evil}`,
        `/rules?tab=explain&url=${encodeURIComponent('javascript:alert(1)')}`]) {
        await page.goto(server.origin + path);
        await settled(page);
        assert.deepEqual(await made(page), [], path);
        assert.equal(await overflow(page), 0, path);
      }
      assert.deepEqual(complaints(page, /status of (404|422)/), []);
      await page.context().close();
    });
  });
});
