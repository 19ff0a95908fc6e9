// One row with everything that is known of it, beside the log.

import { get } from '../lib/api.js';
import { bytes, duration, parseTime, sqlTime } from '../lib/format.js';
import { writeView } from '../lib/params.js';
import { button, h, logText } from './dom.js';
import { badge } from './words.js';

const MINUTE = 60_000;

/** The drawer. `closed()` is called when the reader closes it. */
export class Drawer {
  #dialog = document.getElementById('drawer');
  #body = this.#dialog.querySelector('[data-body]');
  #request = null;

  constructor(closed) {
    document.getElementById('drawer-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', (event) => event.target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener('close', closed);
  }

  /** Shows the row a view names; closes when it names none. */
  async show(view) {
    this.#request?.abort();
    if (view.row === null) {
      this.#dialog.close();
      return;
    }
    const { signal } = (this.#request = new AbortController());
    document.getElementById('drawer-title').textContent = `Row ${view.row}`;
    this.#body.setAttribute('aria-busy', 'true');
    this.#body.replaceChildren(h('p', { class: 'muted' }, 'Loading…'));
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      const { data } = await get(`logs/${view.row}`, signal);
      this.#body.replaceChildren(...this.#content(data, view));
    } catch (failure) {
      if (signal.aborted) return;
      const text = failure.status === 404 ? 'There is no such row: it may have been removed.' : failure.message;
      this.#body.replaceChildren(h('div', { class: 'note error', role: 'alert' }, h('p', {}, text),
        button('Try again', () => this.show(view))));
    }
    this.#body.setAttribute('aria-busy', 'false');
    this.#body.scrollTop = 0;
  }

  #content(row, view) {
    return [
      h('p', { class: 'lead' }, badge(row.outcome), ' ', logText(row.status), ' ',
        h('time', { class: 'muted', datetime: `${row.timestamp.replace(' ', 'T')}Z` }, `${row.timestamp} UTC`)),
      h('p', { class: 'target' }, h('span', { class: 'method' }, logText(row.method ?? '–')), ' ', logText(row.url)),
      h('p', { class: 'actions' }, ...this.#related(row, view)),
      h('h3', {}, 'Raw line'),
      this.#raw(row.raw),
      h('h3', {}, 'What it was taken for, and why'),
      h('dl', { class: 'why' }, ...row.classification.map(({ name, value, why }) => h('div', {},
        h('dt', {}, name), h('dd', {}, h('strong', {}, logText(value)), h('span', { class: 'muted' }, logText(why)))))),
      ...this.#rules(row.matched_rules),
      h('h3', {}, 'Fields'),
      h('dl', { class: 'fields' }, ...this.#fields(row)),
    ];
  }

  #related(row, view) {
    const link = (text, filter) => h('a', { class: 'button', 'data-view': 'log',
      href: writeView({ range: view.range, resolution: view.resolution, filter }) }, text);
    const at = parseTime(row.timestamp);
    const near = { from: [sqlTime(at - 5 * MINUTE)], to: [sqlTime(at + 5 * MINUTE)] };
    // A name that begins with ! would be asked for as its opposite.
    const client = row.client_ip !== null && !/^!|,/.test(row.client_ip) ? { client_ip: [row.client_ip] } : null;
    return [
      client && link('All of this client', client),
      client && link('This client, ± 5 minutes', { ...client, ...near }),
      link('Everything, ± 5 minutes', near),
    ].filter(Boolean);
  }

  #raw(raw) {
    if (raw === null) return h('p', { class: 'muted' }, 'The line is not at hand.');
    const box = h('pre', { class: 'raw', tabindex: '0', 'aria-label': 'Raw line' }, logText(raw));
    // The clipboard is there over TLS and on this machine only.
    if (!navigator.clipboard) return box;
    const copy = button('Copy', async () => {
      const done = await navigator.clipboard.writeText(raw).then(() => 'Copied', () => 'Not allowed');
      copy.textContent = done;
      setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
    }, { class: 'copy' });
    return h('div', { class: 'raw-box' }, box, copy);
  }

  #rules(rules) {
    if (rules.length === 0) return [];
    return [h('h3', {}, 'Matched rules'), h('ul', { class: 'rules' }, ...rules.map((rule) => h('li', {},
      `${rule.id}: `, logText(rule.message), ` (${rule.points} points, ${rule.where}) `, h('code', {}, logText(rule.fragment)))))];
  }

  #fields(row) {
    const fields = [
      ['Client', row.client_ip], ['User', row.user], ['Destination', row.destination], ['Result', row.result],
      ['Severity', row.severity], ['Tags', row.tags.join(', ') || null], ['Size', bytes(row.bytes)], ['Took', duration(row.elapsed_ms)],
      ['Type', row.mime], ['Hierarchy', row.hierarchy], ['User agent', row.user_agent], ['Referer', row.referer],
      ['Source', row.source], ['Logged by', row.host],
    ];
    return fields.filter(([, value]) => value !== null).map(([name, value]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, logText(value))));
  }
}
