// The log's panel: filter, rows, pages.

import { get } from '../lib/api.js';
import { bytes, duration, number } from '../lib/format.js';
import { OUTCOMES, beforeQuery, fromFields, logQuery, pageBefore, toFields, writeView } from '../lib/params.js';
import { shortened, urlParts } from '../lib/text.js';
import { button, h, logText, note, part, show } from './dom.js';
import { OUTCOME_WORDS, badge } from './words.js';

/** Rows of a page. */
const LIMIT = 50;
/** Characters of a URL in the table; the drawer has all of it. */
const SHOWN = 400;
const BLOCKED = 'denied,origin_forbidden';

/** The panel. `go(view, place)` shows another view; `place` is how many rows are before its page, null if not known. */
export class Log {
  #panel = document.getElementById('log');
  #form = document.getElementById('filter');
  #go;
  #view = null;
  #place = 0;
  #page = null;
  #request = null;
  /** Whether the rows are of an earlier question than the one that failed. */
  #late = false;

  constructor(go) {
    this.#go = go;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const filter = fromFields(Object.fromEntries(new FormData(this.#form)));
      this.#go({ ...this.#view, filter, cursor: null, cursor_id: null, row: null }, 0);
    });
    this.#form.elements.outcome.addEventListener('change', () => this.#form.requestSubmit());
    document.getElementById('next').addEventListener('click', () => this.#next());
    document.getElementById('previous').addEventListener('click', () => this.#previous());
    document.getElementById('newer').addEventListener('click', () => {
      this.load(this.#view, this.#place);
      this.#panel.focus({ preventScroll: true });
    });
    part(this.#panel, 'rows').addEventListener('click', (event) => this.#clicked(event));
  }

  /** Asks for a view's page and draws it. Answers whether that went well. */
  async load(view, place) {
    this.#request?.abort();
    const { signal } = (this.#request = new AbortController());
    const first = this.#view === null;
    this.#view = view;
    this.#place = view.cursor || view.cursor_id ? place : 0;
    this.#fill(view.filter, first);
    this.#busy(true);
    try {
      const page = await get(`logs?${logQuery(view, LIMIT)}`, signal);
      this.#draw(page);
      return true;
    } catch (failure) {
      if (signal.aborted) return true;
      this.#fail(failure);
      return false;
    }
  }

  /** Looks for newer rows without moving what is being read: says that they are there, and shows them when asked to. */
  async look() {
    if (this.#late || this.#page === null || this.#page.data.length === 0) return this.load(this.#view, this.#place);
    if (this.#view.cursor || this.#view.cursor_id || this.#request !== null) return true;
    try {
      const { data } = await get(`logs?${logQuery(this.#view, 1)}`);
      const news = data[0]?.id !== this.#page?.data[0]?.id;
      const offer = document.getElementById('newer');
      offer.textContent = 'The log has changed: show the newest rows';
      offer.hidden = !news || this.#request !== null;
      return true;
    } catch {
      return false;
    }
  }

  /** Draws the links of the rows anew, which carry the view's range. */
  relink(view) {
    this.#view = view;
    for (const link of part(this.#panel, 'rows').querySelectorAll('a')) link.href = this.#rowLink(link.dataset.id);
    this.#links();
  }

  #busy(loading) {
    this.#panel.setAttribute('aria-busy', String(loading));
    if (loading && this.#page === null) {
      note(this.#panel, null);
      show(this.#panel, 'loading');
    }
    if (!loading) this.#request = null;
  }

  #draw(page) {
    this.#busy(false);
    this.#page = page;
    this.#late = false;
    this.#invalid({});
    document.getElementById('newer').hidden = true;
    const filtered = Object.keys(this.#view.filter).length > 0;
    const rows = page.data;
    show(this.#panel, rows.length > 0 ? 'data' : 'empty');
    document.getElementById('matches').textContent =
      `${number(page.total)} ${page.total === 1 ? 'row' : 'rows'}${filtered ? ' match' : ''}${page.total === 1 && filtered ? 'es' : ''}`;
    if (rows.length > 0) note(this.#panel, null);
    else if (filtered) note(this.#panel, 'No row matches this filter.', 'empty', [this.#clearLink()]);
    else if (this.#view.cursor || this.#view.cursor_id) note(this.#panel, 'There is nothing older.', 'empty');
    else this.#nothing();
    part(this.#panel, 'rows').replaceChildren(...rows.map((row) => this.#row(row)));
    this.#pager(rows.length, page.total, page.next_cursor);
    this.#links();
  }

  #nothing() {
    const command = h('p', {}, h('code', {}, 'tidegate import access.log'));
    note(this.#panel, 'The store is empty. Import a log on the server, with the same data directory, and it appears here:',
      'empty', [command, h('p', {}, 'Or name the file under ', h('code', {}, '[[source]]'), ' in ', h('code', {}, 'config.toml'), ' and it is followed.')]);
  }

  #row(row) {
    const cell = (name, ...content) => h('td', { role: 'cell', class: name }, ...content);
    const text = (value, length = 100) => (value === null ? h('span', { class: 'muted' }, '–') : logText(shortened(value, length)));
    const { scheme, host, rest } = urlParts(shortened(row.url, SHOWN));
    return h('tr', { role: 'row' },
      cell('time', h('a', { href: this.#rowLink(row.id), 'data-view': true, 'data-id': row.id }, row.timestamp)),
      cell('client', text(row.client_ip)),
      cell('user', text(row.user)),
      cell('method', text(row.method, 20)),
      cell('url', logText(scheme, { class: 'muted' }), logText(host, { class: 'host' }), logText(rest, { class: 'muted' })),
      cell('status', logText(shortened(row.status, 60))),
      cell('outcome', badge(row.outcome)),
      cell('size right', bytes(row.bytes)),
      cell('took right', duration(row.elapsed_ms)));
  }

  #rowLink(id) {
    return writeView({ ...this.#view, row: id });
  }

  // A click anywhere in a row opens it, unless it ends a selection of text.
  #clicked(event) {
    if (event.target.closest('a') || !getSelection().isCollapsed) return;
    event.target.closest('tr')?.querySelector('a')?.click();
  }

  #fail(failure) {
    this.#busy(false);
    const again = failure.status === 422 ? this.#clearLink() : button('Try again', () => this.load(this.#view, this.#place));
    const kept = this.#page !== null && failure.status !== 422;
    this.#late = kept;
    this.#invalid(failure.fields ?? {});
    if (!kept) {
      this.#page = null;
      show(this.#panel, 'failed');
      document.getElementById('matches').textContent = '';
      this.#panel.querySelector('.pager').hidden = true;
    }
    note(this.#panel, kept ? `${failure.message} The rows are those shown before.` : failure.message, kept ? 'stale' : 'error', [again]);
  }

  #invalid(fields) {
    for (const input of this.#form.elements) {
      if (!input.name) continue;
      const names = input.name === 'status_code' ? ['status_code', 'status'] : [input.name];
      const wrong = names.flatMap((name) => fields[name] ?? []);
      if (wrong.length > 0) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
      input.title = wrong.join('; ');
    }
  }

  #pager(count, total, next) {
    const pager = this.#panel.querySelector('.pager');
    const further = this.#view.cursor !== null || this.#view.cursor_id !== null;
    pager.hidden = !further && next === null;
    document.getElementById('previous').disabled = !further || count === 0;
    document.getElementById('next').disabled = next === null;
    document.getElementById('newest').hidden = !further;
    const known = this.#place !== null && count > 0;
    document.getElementById('place').textContent =
      known ? `${number(this.#place + 1)}–${number(this.#place + count)} of ${number(total)}` : `${number(count)} of ${number(total)}`;
  }

  #links() {
    const top = { ...this.#view, cursor: null, cursor_id: null, row: null };
    document.getElementById('newest').href = writeView(top);
    const clear = document.getElementById('clear');
    clear.href = writeView({ ...top, filter: {} });
    clear.hidden = Object.keys(this.#view.filter).length === 0;
  }

  #clearLink() {
    const href = writeView({ ...this.#view, filter: {}, cursor: null, cursor_id: null, row: null });
    return h('a', { class: 'button', href, 'data-view': true }, 'Clear the filter');
  }

  #next() {
    if (this.#request !== null) return;
    const place = this.#place === null ? null : this.#place + this.#page.data.length;
    this.#turn({ cursor: this.#page.next_cursor, cursor_id: null }, place);
  }

  // The page before is found from its far end, so that it works on a page that was opened by its link, too.
  async #previous() {
    if (this.#request !== null) return;
    const { signal } = (this.#request = new AbortController());
    this.#busy(true);
    try {
      const { data } = await get(`logs?${beforeQuery(this.#view, this.#page.data[0].id, LIMIT)}`, signal);
      const after = pageBefore(data, LIMIT);
      this.#turn({ cursor: null, cursor_id: after }, after === null ? 0 : this.#place && Math.max(0, this.#place - LIMIT));
    } catch (failure) {
      if (!signal.aborted) this.#fail(failure);
    }
  }

  #turn(page, place) {
    this.#go({ ...this.#view, ...page, row: null }, place);
    this.#panel.scrollIntoView({ block: 'start' });
  }

  // The address's filter into the form; what is being typed is left alone unless the filter itself has changed.
  #fill(filter, first) {
    const fields = toFields(filter);
    const key = JSON.stringify(fields);
    if (!first && this.#form.dataset.key === key) return;
    this.#form.dataset.key = key;
    const select = this.#form.elements.outcome;
    const options = [['', 'Any'], [BLOCKED, 'Blocked (both kinds)'], ['!allowed', 'All but allowed'], ...OUTCOMES.map((name) => [name, OUTCOME_WORDS[name]])];
    if (!options.some(([value]) => value === fields.outcome)) options.push([fields.outcome, fields.outcome]);
    select.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)));
    for (const [name, value] of Object.entries(fields)) this.#form.elements[name].value = value;
  }
}
