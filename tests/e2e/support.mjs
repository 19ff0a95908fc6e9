// What the tests in a browser share: the real server, the browser, and a page that reports everything it complains of.
// Whoever looks for faults has `axe` for what a screen reader meets, and `overflow` for what sticks out.
//
// TIDEGATE_BIN names the binary (else the release build), CHROMIUM the browser.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The tooling is installed beside web/package.json, the one place there is.
const installed = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = installed('playwright-core');
const AXE = readFileSync(installed.resolve('axe-core/axe.min.js'), 'utf8');

const RELEASE = fileURLToPath(new URL('../../target/release/tidegate', import.meta.url));
export const BINARY = process.env.TIDEGATE_BIN ?? RELEASE;
// A browser that is driven by a program loads pages faster than people do.
const CONFIG = fileURLToPath(new URL('./config.toml', import.meta.url));
const START_MS = 120_000;
/** So long must nothing load before a page counts as drawn. */
const QUIET_MS = 250;
let fed = 0;

/** Starts the binary with arguments that make it serve; answers `{origin, password, gone, stop(), api(path), …}`. */
export async function start(...args) {
  if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: build it, or name it in TIDEGATE_BIN`);
  const config = args.includes('--config') ? [] : ['--config', CONFIG];
  const child = spawn(BINARY, [...config, ...args, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
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
    /** Its exit code, once it has ended. */
    gone,
    /** Ends the server, by its process and no other, and waits for it. */
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(hard);
    },
    /** Imports lines beside the running server. */
    async feed(lines, data) {
      const file = join(data, '..', `lines-${(fed += 1)}.log`);
      await writeFile(file, lines.map((text) => `${text}\n`).join(''));
      await run('import', '--data-dir', data, file);
    },
    /** Makes an account with a password of its own; answers what `open` takes as `as`. */
    async account(username, role) {
      const password = `a long password of ${username}`;
      await this.api('users', { username, password, role });
      return { username, password };
    },
    /** An answer of the API, to compare the page with, or to what is POSTed. */
    async api(path, body, method = body === undefined ? 'GET' : 'POST') {
      const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const response = await fetch(`${origin}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    },
  };
}

/** A server on a data directory of its own with these lines imported, ended after `check(server, data)`. */
export async function serving(lines, check) {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-e2e-'));
  const data = join(directory, 'data');
  // `serve` first, which prints the password; `import` writes beside it.
  const server = await start('serve', '--data-dir', data);
  try {
    if (lines.length > 0) await server.feed(lines, data);
    await check(server, data);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Has behaviour looked at, and waits for the end of it; answers the findings, worst first. */
export async function lookForFindings(server) {
  const { data: { job_id: id } } = await server.api('jobs/findings/run', {});
  for (let tries = 0; tries < 300; tries += 1) {
    const { data: job } = await server.api(`jobs/${id}`);
    if (job.outcome === 'failed') throw new Error(job.error);
    if (job.outcome === 'done') return (await server.api('findings?sort=severity')).data;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the job `findings` did not end');
}

/** A line as Squid writes it, `seconds` ago. */
export function line(seconds, url, { client = '10.1.2.3', user = '-', method = 'GET', result = 'TCP_MISS/200' } = {}) {
  const time = (Date.now() / 1000 - seconds).toFixed(3);
  return `${time}     12 ${client} ${result} 512 ${method} ${url} ${user} HIER_DIRECT/192.0.2.1 text/html`;
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
 * A page logged in to a server as its admin or `as` somebody else, unless `login` is false. `page.complaints` collects what must stay empty: console errors (a stopped script or
 * style is one), uncaught errors, dialogs, and requests to anywhere else.
 * With `path: null` it has not gone anywhere yet.
 */
export async function open(browser, server, { path = '/', login = true, as, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'America/New_York', // far from UTC, so that local time would show
    ...options,
  });
  if (login) {
    const answer = await context.request.post(`${server.origin}/login`, { data: as ?? { username: 'admin', password: server.password } });
    if (!answer.ok()) throw new Error(`logging in: ${answer.status()}`);
  }
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

/** Waits until a page is there and none of its panels loads any more. */
export async function settled(page) {
  await page.locator('main h1').first().waitFor();
  // Charts and what follows an answer come a moment later; live rows never end, so the network is not asked.
  await page.waitForFunction((quiet) => {
    const busy = document.querySelector('main [aria-busy="true"]') !== null;
    const now = performance.now();
    if (busy || globalThis.quietSince === undefined) globalThis.quietSince = now;
    return !busy && now - globalThis.quietSince > quiet;
  }, QUIET_MS);
  await page.evaluate(() => { delete globalThis.quietSince; });
}

/** What a page complains of, but for the refusals that a test provokes. */
export function complaints(page, ...expected) {
  return page.complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
}

/** What axe finds serious or critical in a page, one sentence for each. */
export async function axe(page) {
  // Nothing may move while colours are compared.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => {}));
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`);
}

/** How far the page is wider than its window, once it has followed a new size; 0 is right. */
export function overflow(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    return document.documentElement.scrollWidth - document.documentElement.clientWidth;
  });
}
