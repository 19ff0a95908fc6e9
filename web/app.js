// The dashboard: which view the address asks for, and keeping what is shown up to date without disturbing who reads.

import { get } from './lib/api.js';
import { sqlTime } from './lib/format.js';
import { readView, writeView } from './lib/params.js';
import { button, note } from './ui/dom.js';
import { Drawer } from './ui/drawer.js';
import { Log } from './ui/log.js';
import { Timeline } from './ui/timeline.js';
import { drawTotals } from './ui/totals.js';

const REFRESH_MS = 30_000;

const totals = document.getElementById('totals');
const updated = document.getElementById('updated');
const pause = document.getElementById('pause');
const log = new Log(go);
const timeline = new Timeline((span) => {
  go({ ...view, filter: { ...view.filter, ...span }, cursor: null, cursor_id: null, row: null }, 0);
  document.getElementById('log').scrollIntoView({ block: 'start' });
});
const drawer = new Drawer(() => view.row === null || go({ ...view, row: null }, history.state?.place ?? null));

let view = null;
let stats = null;
let answered = null;
let timer = null;

/**
 * Goes to another view; `place` is how many rows are before its page of the log, null where that is not known. Asking
 * for the view that is shown already asks for its rows anew.
 */
function go(next, place) {
  const query = writeView(next);
  if (query === writeView(view)) {
    log.load(view, history.state?.place ?? null);
    return;
  }
  history.pushState({ place }, '', location.pathname + (query === '?' ? '' : query));
  apply();
}

/** Shows what the address asks for; loads only what differs from what is shown. */
function apply() {
  const before = view;
  view = readView(location.search);
  const differs = (...names) => before === null || names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(view[name]));
  const loads = [];
  if (differs('range', 'resolution')) loads.push(timeline.load(view));
  if (differs('filter', 'cursor', 'cursor_id')) loads.push(log.load(view, history.state?.place ?? null));
  else log.relink(view);
  if (differs('row')) drawer.show(view);
  if (stats !== null) drawTotals(stats, Date.now(), view);
  return Promise.all(loads).then((done) => done.every(Boolean));
}

async function loadTotals() {
  try {
    stats = (await get('logs/stats')).data;
    drawTotals(stats, Date.now(), view);
    note(totals, null);
    return true;
  } catch (failure) {
    totals.setAttribute('aria-busy', 'false');
    const again = failure.status === 401 ? button('Reload', () => location.reload()) : button('Try again', () => refresh());
    note(totals, stats === null ? failure.message : `${failure.message} The totals are as they were.`,
      stats === null ? 'error' : 'stale', [again]);
    return false;
  }
}

/** Brings everything up to date, and comes back in half a minute. */
async function refresh() {
  clearTimeout(timer);
  say(await Promise.all([loadTotals(), timeline.load(view), log.look()]));
}

function say(done) {
  if (done.every(Boolean)) answered = Date.now();
  const at = answered === null ? 'never' : `${sqlTime(answered).slice(11)} UTC`;
  updated.textContent = done.every(Boolean) ? `Updated ${at}` : `Not up to date; last answer: ${at}`;
  updated.classList.toggle('late', !done.every(Boolean));
  clearTimeout(timer);
  if (pause.getAttribute('aria-pressed') === 'false') timer = setTimeout(tick, REFRESH_MS);
}

// A page nobody looks at asks nothing; it catches up when it is looked at again.
function tick() {
  timer = null;
  if (!document.hidden) refresh();
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && timer === null && pause.getAttribute('aria-pressed') === 'false') refresh();
});

pause.addEventListener('click', () => {
  const paused = pause.getAttribute('aria-pressed') === 'false';
  pause.setAttribute('aria-pressed', String(paused));
  clearTimeout(timer);
  if (!paused) refresh();
});

document.getElementById('reload').addEventListener('click', () => refresh());

// Links to views of this page are followed without loading it anew; a link with a modifier key is the browser's.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-view]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const next = readView(link.search);
  const samePage = next.cursor === view.cursor && next.cursor_id === view.cursor_id;
  go(next, samePage ? (history.state?.place ?? null) : 0);
  if (link.dataset.view === 'log') document.getElementById('log').scrollIntoView({ block: 'start' });
});

window.addEventListener('popstate', apply);

// Only a session can be left; a browser that sends a password with every request goes on doing so.
get('auth/me').then(({ data }) => {
  const leave = document.getElementById('leave');
  leave.hidden = !data.credential.startsWith('session');
  leave.querySelector('button').title = `Logged in as ${data.username}`;
}).catch(() => {});

say(await Promise.all([apply(), loadTotals()]));
