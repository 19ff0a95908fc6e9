// The timeline's panel: which range and resolution, the chart, its readout and its table.

import { get } from '../lib/api.js';
import { number, parseTime, share, span, sqlTime } from '../lib/format.js';
import { RANGES, RESOLUTIONS, rangeOf, writeView } from '../lib/params.js';
import { Chart } from './chart.js';
import { button, h, note, part, show } from './dom.js';

const WORDS = { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '5m': '5 min', '1h': 'Hour', '1d': 'Day' };
const DAY = 86_400_000;

/** The panel. `choose(range)` is told `{from, to}` when a column is chosen. */
export class Timeline {
  #panel = document.getElementById('timeline');
  #chart;
  #view = null;
  #buckets = null;
  #shown = '';
  #request = null;

  constructor(choose) {
    const box = part(this.#panel, 'chart');
    this.#chart = new Chart(box, (index) => this.#read(index), (index) => {
      const { at } = this.#buckets[index];
      choose({ from: [sqlTime(at)], to: [sqlTime(at + this.#width)] });
    });
    part(this.#panel, 'table').addEventListener('toggle', () => this.#fillTable());
  }

  get #width() {
    return RESOLUTIONS[this.#view.resolution];
  }

  /** Asks for the buckets of a view and draws them; what is drawn stays until then. Answers whether that went well. */
  async load(view) {
    this.#request?.abort();
    const { signal } = (this.#request = new AbortController());
    this.#choices(view);
    const shown = `${view.range} ${view.resolution}`;
    if (this.#buckets === null) show(this.#panel, 'loading');
    try {
      const { data } = await get(`logs/timeline?hours=${RANGES[view.range].hours}&resolution=${view.resolution}`, signal);
      const buckets = data.map((bucket) => ({ ...bucket, at: parseTime(bucket.time) }));
      const empty = buckets.every((bucket) => bucket.total === 0);
      const newest = empty ? (await get('logs?limit=1', signal)).data[0] : null;
      this.#view = view;
      this.#buckets = buckets;
      this.#shown = shown;
      show(this.#panel, empty && !newest ? 'empty' : 'data');
      if (!empty) note(this.#panel, null);
      else if (newest) this.#elsewhere(newest, view);
      else note(this.#panel, 'There is nothing to draw yet. As soon as a log is imported or followed, its requests appear here.', 'empty');
      this.#chart.draw(buckets, this.#width);
      this.#fillTable();
      return true;
    } catch (failure) {
      if (signal.aborted) return true;
      const kept = this.#buckets !== null && this.#shown === shown;
      show(this.#panel, kept ? 'data' : 'failed');
      note(this.#panel, kept ? `${failure.message} The chart is as it was.` : failure.message, kept ? 'stale' : 'error',
        [button('Try again', () => this.load(view))]);
      return false;
    }
  }

  #choices(view) {
    const link = (text, next, current) =>
      h('a', { href: writeView({ ...view, ...next }), 'data-view': true, 'aria-current': current && 'true' }, text);
    const ranges = Object.keys(RANGES).map((range) =>
      link(WORDS[range], { range, resolution: RANGES[range].resolutions[0] }, range === view.range));
    const finestLast = [...RANGES[view.range].resolutions].sort((a, b) => RESOLUTIONS[b] - RESOLUTIONS[a]);
    const resolutions = finestLast.map((resolution) => link(WORDS[resolution], { resolution }, resolution === view.resolution));
    for (const [name, links] of [['ranges', ranges], ['resolutions', resolutions]]) {
      const box = part(this.#panel, name);
      // Rebuilt links would lose the keyboard's place.
      const held = [...box.children].indexOf(document.activeElement);
      box.replaceChildren(...links);
      links[held]?.focus();
    }
  }

  // The range is empty, the store isn't: say where the data is.
  #elsewhere(newest, view) {
    const at = parseTime(newest.timestamp);
    const now = this.#buckets.at(-1).at + this.#width;
    const range = at < now ? rangeOf(at, now) : null;
    const actions = [];
    if (range && RANGES[range].hours > RANGES[view.range].hours) {
      const next = { ...view, range, resolution: RANGES[range].resolutions[0] };
      actions.push(h('a', { class: 'button', href: writeView(next), 'data-view': true }, `Show ${WORDS[range]}`));
    }
    const filter = { from: [sqlTime(at - DAY)], to: [sqlTime(at + 1000)] };
    const rows = writeView({ range: view.range, resolution: view.resolution, filter });
    actions.push(h('a', { class: 'button', href: rows, 'data-view': 'log' }, 'Rows of the last day there is'));
    const reach = range === null ? ' The chart reaches back 30 days at most.' : '';
    note(this.#panel, `No requests in the last ${WORDS[view.range]}. The newest stored row is of ${newest.timestamp} UTC.${reach}`,
      'info', actions);
  }

  #read(index) {
    const bucket = this.#buckets?.[index];
    let text;
    if (bucket) {
      const unfinished = index === this.#buckets.length - 1 ? ' (not finished)' : '';
      text = `${span(bucket.at, this.#width)}${unfinished}: ${this.#counts(bucket)}`;
    } else {
      const sum = (name) => this.#buckets.reduce((total, each) => total + each[name], 0);
      text = `Last ${WORDS[this.#view.range]}: ${this.#counts({ total: sum('total'), blocked: sum('blocked') })}`;
    }
    part(this.#panel, 'readout').textContent = text;
    part(this.#panel, 'chart').setAttribute('aria-valuetext', text);
  }

  #counts({ total, blocked }) {
    const of = total > 0 ? ` (${share(blocked, total)})` : '';
    return `${number(total)} ${total === 1 ? 'request' : 'requests'}, ${number(blocked)} blocked${of}`;
  }

  #fillTable() {
    const details = part(this.#panel, 'table');
    if (!details.open || this.#buckets === null) return;
    const head = h('tr', {}, h('th', { scope: 'col' }, 'From (UTC)'), h('th', { scope: 'col', class: 'right' }, 'Requests'),
      h('th', { scope: 'col', class: 'right' }, 'Blocked'), h('th', { scope: 'col', class: 'right' }, 'Share'));
    const rows = this.#buckets.toReversed().map((bucket) => h('tr', {}, h('td', {}, bucket.time),
      h('td', { class: 'right' }, number(bucket.total)), h('td', { class: 'right' }, number(bucket.blocked)),
      h('td', { class: 'right' }, share(bucket.blocked, bucket.total))));
    const box = details.querySelector('.scroll');
    const place = box.scrollTop;
    box.replaceChildren(h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)));
    box.scrollTop = place;
  }
}
