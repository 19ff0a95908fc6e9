// The page's address: every view is a link. What is read here and what is written back say the same; what is not
// understood is dropped, never guessed.

/** Ranges of the timeline: how many hours, and which resolutions make a readable chart; the first is the default. */
export const RANGES = {
  '24h': { hours: 24, resolutions: ['1h', '5m'] },
  '7d': { hours: 168, resolutions: ['1h', '1d'] },
  '30d': { hours: 720, resolutions: ['1d', '1h'] },
};

/** Widths of a bucket in milliseconds. */
export const RESOLUTIONS = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 };

/** Names of the outcomes, as the API writes them. */
export const OUTCOMES = ['allowed', 'denied', 'origin_forbidden', 'auth_challenge', 'aborted', 'error'];

/** Filters that may be given more than once. */
const MANY = ['client_ip', 'method', 'status_code', 'status', 'outcome'];
const ONCE = ['from', 'to'];

/** Reads the address's query: `{range, resolution, filter: {name: [values]}, cursor, cursor_id, row}`. */
export function readView(query) {
  const asked = new URLSearchParams(query);
  const range = Object.hasOwn(RANGES, asked.get('range') ?? '') ? asked.get('range') : '24h';
  const allowed = RANGES[range].resolutions;
  const resolution = allowed.includes(asked.get('resolution')) ? asked.get('resolution') : allowed[0];
  const filter = {};
  for (const name of [...MANY, ...ONCE]) {
    const values = asked.getAll(name).map((value) => value.trim()).filter(Boolean);
    if (values.length > 0) filter[name] = ONCE.includes(name) ? values.slice(0, 1) : values;
  }
  const id = (name) => (/^[1-9]\d{0,15}$/.test(asked.get(name) ?? '') ? asked.get(name) : null);
  const cursor = asked.get('cursor') || null;
  return { range, resolution, filter, cursor, cursor_id: cursor ? null : id('cursor_id'), row: id('row') };
}

/** Writes the query of a view, without what is the default; begins with `?`, so that it also replaces a query. */
export function writeView(view) {
  const query = filterQuery(view.filter);
  const { range, resolution } = view;
  if (range !== '24h') query.set('range', range);
  if (resolution !== RANGES[range].resolutions[0]) query.set('resolution', resolution);
  for (const name of ['cursor', 'cursor_id', 'row']) if (view[name]) query.set(name, view[name]);
  return `?${query}`;
}

/** What the API is asked for a page of the log. */
export function logQuery(view, limit) {
  const query = filterQuery(view.filter);
  query.set('limit', limit);
  for (const name of ['cursor', 'cursor_id']) if (view[name]) query.set(name, view[name]);
  return `${query}`;
}

/** What the API is asked for the rows just before a page, nearest first: enough to know where that page begins. */
export function beforeQuery(view, firstRow, limit) {
  const query = filterQuery(view.filter);
  query.set('order', 'asc');
  query.set('cursor_id', firstRow);
  query.set('limit', limit + 1);
  return `${query}`;
}

/** The row after which the page before begins, given the rows `beforeQuery` found; null when that page is the first. */
export function pageBefore(rows, limit) {
  return rows.length > limit ? String(rows[limit].id) : null;
}

function filterQuery(filter) {
  const query = new URLSearchParams();
  for (const name of [...MANY, ...ONCE]) for (const value of filter[name] ?? []) query.append(name, value);
  return query;
}

/** The filter as the form's fields show it. */
export function toFields(filter) {
  const joined = (name) => (filter[name] ?? []).join(', ');
  return {
    client_ip: joined('client_ip'),
    method: joined('method'),
    status_code: joined('status_code') || joined('status'),
    outcome: (filter.outcome ?? []).join(','),
    from: joined('from'),
    to: joined('to'),
  };
}

/** The filter the form's fields say. Values are parted by commas or blanks; a class of codes (`4xx`) is a `status`. */
export function fromFields(fields) {
  const filter = {};
  const put = (name, values) => {
    if (values.length > 0) filter[name] = values;
  };
  const words = (text) => (text ?? '').split(/[\s,]+/).filter(Boolean);
  put('client_ip', words(fields.client_ip));
  put('method', words(fields.method));
  const codes = words(fields.status_code);
  put(codes.some((code) => /^!?\dxx$/i.test(code)) ? 'status' : 'status_code', codes);
  put('outcome', words(fields.outcome));
  for (const name of ONCE) put(name, [(fields[name] ?? '').trim()].filter(Boolean));
  return filter;
}

/** The smallest range that reaches back to an instant; null when none does. */
export function rangeOf(instant, now) {
  const found = Object.entries(RANGES).find(([, { hours }]) => now - instant < (hours - 1) * 3_600_000);
  return found ? found[0] : null;
}
