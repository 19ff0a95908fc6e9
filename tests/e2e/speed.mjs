// How fast the dashboard is over a large store, in a real browser: `npm run speed -- LOG [LOG...]`.
//
// Imports the logs (some millions of lines of the last month make sense) into a store of its own and prints, as medians over
// several starts of server and browser: until the overview is complete, until a changed filter of the log is shown, and the
// longest task of the main thread while a hundred thousand rows are scrolled through.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browse, open, run, settled, start } from './support.mjs';

const RUNS = Number(process.env.RUNS ?? 3);
const SCROLLED_ROWS = 100_000;
const FILTERS = ['outcome=denied', 'min_score=5', 'method=CONNECT', 'status=4xx', 'client_ip=10.0.0.51'];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const show = (what, values, target) => {
  const middle = median(values);
  const figures = values.map((value) => Math.round(value)).join(', ');
  console.log(`${what.padEnd(58)} ${String(Math.round(middle)).padStart(6)} ms  target ${target} ${middle <= target ? 'ok' : 'over'}  (${figures})`);
};

/** When the page was complete: the last time that something in it was busy or was drawn anew, since it was asked for. */
async function completed(page) {
  await settled(page);
  return page.evaluate(() => globalThis.lastChange);
}

/** Notes when a page last had something busy in it. */
function watch() {
  globalThis.lastChange = 0;
  globalThis.longest = 0;
  const look = () => {
    const main = document.querySelector('main');
    if (!main?.querySelector('h1') || main.querySelector('[aria-busy="true"]')) globalThis.lastChange = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, task.duration);
  }).observe({ entryTypes: ['longtask'] });
}

async function overview(browser, data) {
  const server = await start('serve', '--data-dir', data);
  try {
    const page = await open(browser, server, { path: null });
    await page.addInitScript(watch);
    await page.goto(`${server.origin}/`);
    const cold = await completed(page);
    await page.reload();
    const warm = await completed(page);
    await page.context().close();
    return { cold, warm };
  } finally {
    await server.stop();
  }
}

async function log(browser, server) {
  const page = await open(browser, server, { path: null });
  await page.addInitScript(watch);
  await page.goto(`${server.origin}/logs?range=30d`);
  await completed(page);
  const filters = [];
  for (const filter of FILTERS) {
    // As a click on a chip does: the address changes, the page stays.
    await page.evaluate((search) => {
      globalThis.lastChange = performance.now();
      globalThis.begun = performance.now();
      history.pushState({}, '', `/logs?range=30d&${search}`);
      dispatchEvent(new PopStateEvent('popstate'));
    }, filter);
    await completed(page);
    filters.push(await page.evaluate(() => globalThis.lastChange - globalThis.begun));
  }
  await page.goto(`${server.origin}/logs?range=30d`);
  await completed(page);
  await page.evaluate(() => { globalThis.longest = 0; });
  const rows = await page.evaluate(async (wanted) => {
    const grid = document.querySelector('main [role="grid"]');
    const scroller = [grid, ...grid.querySelectorAll('*')].find((one) => one.scrollHeight > one.clientHeight + 10 && getComputedStyle(one).overflowY !== 'visible')
      ?? grid.closest('.overflow-auto');
    const rowHeight = grid.querySelector('[role="row"][aria-rowindex="2"]')?.getBoundingClientRect().height ?? 30;
    const until = performance.now() + 300_000;
    let furthest = 0;
    while (furthest < wanted && performance.now() < until) {
      scroller.scrollTop += 40 * rowHeight;
      await new Promise(requestAnimationFrame);
      furthest = Math.max(furthest, ...[...grid.querySelectorAll('[aria-rowindex]')].map((row) => Number(row.getAttribute('aria-rowindex'))));
    }
    return furthest;
  }, SCROLLED_ROWS);
  const longest = await page.evaluate(() => globalThis.longest);
  await page.context().close();
  return { filters, rows, longest };
}

const directory = await mkdtemp(join(tmpdir(), 'tidegate-speed-'));
const browser = await browse();
try {
  const imported = join(directory, 'imported');
  await run('import', '--data-dir', imported, ...process.argv.slice(2));
  const colds = [];
  const warms = [];
  const filters = [];
  const longest = [];
  let scrolled = 0;
  for (let nth = 0; nth < RUNS; nth += 1) {
    // A control.db of its own each time: its first start prints the password.
    const data = join(directory, `data-${nth}`);
    await cp(join(imported, 'events.db'), join(data, 'events.db'), { recursive: true });
    const { cold, warm } = await overview(browser, data);
    colds.push(cold);
    warms.push(warm);
    await rm(join(data, 'control.db'), { force: true });
    const server = await start('serve', '--data-dir', data);
    try {
      const seen = await log(browser, server);
      filters.push(...seen.filters);
      longest.push(seen.longest);
      scrolled = Math.max(scrolled, seen.rows);
    } finally {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    }
  }
  show('overview complete, server and browser just started', colds, 1500);
  show('overview complete, asked again', warms, 1500);
  show('another filter of the log shown', filters, 400);
  show(`longest task while ${scrolled} rows are scrolled through`, longest, 200);
} finally {
  await browser.close();
  await rm(directory, { recursive: true, force: true });
}
