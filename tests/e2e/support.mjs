// What the tests in a browser share: the real server, the browser, and a page that reports everything it complains of.
//
// TIDEGATE_BIN names the binary (else the release build), CHROMIUM the browser.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// The tooling is installed beside web/package.json, the one place there is.
const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');

const RELEASE = fileURLToPath(new URL('../../target/release/tidegate', import.meta.url));
export const BINARY = process.env.TIDEGATE_BIN ?? RELEASE;
// A browser that is driven by a program loads pages faster than people do.
const CONFIG = fileURLToPath(new URL('./config.toml', import.meta.url));
const START_MS = 60_000;

/** Starts the binary with arguments that make it serve; answers `{origin, password, stop(), api(path)}`. */
export async function start(...args) {
  if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: build it, or name it in TIDEGATE_BIN`);
  const child = spawn(BINARY, ['--config', CONFIG, ...args, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let out = '';
  let err = '';
  child.stderr.on('data', (bytes) => { err += bytes; });
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address within ${START_MS} ms:\n${out}${err}`)), START_MS);
    const settle = (act, value) => { clearTimeout(late); act(value); };
    child.stdout.on('data', (bytes) => {
      out += bytes;
      if (/^ {2}password {2}\S+.*\n/m.test(out)) settle(resolve);
    });
    child.once('error', (failure) => settle(reject, failure));
    gone.then((code) => settle(reject, new Error(`ended with ${code}:\n${out}${err}`)));
  }).catch((failure) => { child.kill('SIGKILL'); throw failure; });
  const origin = /http:\/\/[^/\s]+/.exec(out)[0];
  const password = /^ {2}password {2}(\S+)/m.exec(out)[1];
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return {
    origin,
    password,
    /** Ends the server, by its process and no other, and waits for it. */
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(hard);
    },
    /** An answer of the API, to compare the page with. */
    async api(path) {
      const response = await fetch(`${origin}/api/${path}`, { headers: { authorization } });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    },
  };
}

/** Runs the binary to its end; fails when it does. */
export async function run(...args) {
  const child = spawn(BINARY, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (bytes) => { err += bytes; });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')}: ended with ${code}\n${err}`);
}

/** Starts the browser. */
export function browse() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
}

/**
 * A page logged in to a server. `page.complaints` collects what must stay empty: console errors (a stopped script or
 * style is one), uncaught errors, dialogs, and requests to anywhere else.
 * With `path: null` it has not gone anywhere yet.
 */
export async function open(browser, server, { path = '/', ...options } = {}) {
  const context = await browser.newContext({
    httpCredentials: { username: 'admin', password: server.password },
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'America/New_York', // far from UTC, so that local time would show
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.complaints.push(message.text()));
  page.on('pageerror', (failure) => page.complaints.push(String(failure)));
  page.on('dialog', (dialog) => { page.complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => new URL(request.url()).origin !== server.origin && page.complaints.push(`request to ${request.url()}`));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`)));
  if (path !== null) await page.goto(server.origin + path);
  return page;
}

/** Waits until no panel loads any more. */
export async function settled(page) {
  await page.locator('#updated:not(:text("Loading"))').waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}

/** How far the page is wider than its window, once it has followed a new size; 0 is right. */
export function overflow(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    return document.documentElement.scrollWidth - document.documentElement.clientWidth;
  });
}
