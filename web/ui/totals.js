// The totals: one tile for each number, and where the log can be filtered that way, a link to its rows.

import { ago, number, parseTime, share } from '../lib/format.js';
import { writeView } from '../lib/params.js';
import { h, part } from './dom.js';

/** Keeps its line's height. */
const NOTHING = '\u00a0';

const panel = document.getElementById('totals');

/** The tiles: title, what it means, its class, the filter of its rows. */
const TILES = [
  ['total_count', 'Requests', 'Every stored line', 'main', {}],
  ['blocked_count', 'Blocked', 'Denied by the proxy or forbidden by the origin', 'bad', null],
  ['proxy_denied_count', 'Denied by proxy', 'The proxy refused', '', { outcome: ['denied'] }],
  ['origin_forbidden_count', 'Forbidden by origin', 'The site answered 403', '', { outcome: ['origin_forbidden'] }],
  ['auth_challenge_count', 'Login challenges', 'The proxy asked for credentials (407)', '', { outcome: ['auth_challenge'] }],
  ['ip_blocks_count', 'Blocked direct-IP', 'Blocked, and the destination was an address instead of a name', '', undefined],
  ['rejected_lines', 'Rejected lines', 'Lines no format understood; not among the requests', '', undefined],
];

const tiles = new Map();

function build() {
  for (const [name, title, help, kind, filter] of TILES) {
    const value = h('span', { class: 'value' }, '–');
    const extra = h('span', { class: 'extra muted' }, NOTHING);
    const tile = h(filter === undefined ? 'div' : 'a', { class: `tile ${kind}`, title: help, 'data-name': name,
      'data-view': filter === undefined ? null : 'log' },
      h('span', { class: 'name' }, title), value, extra);
    tiles.set(name, { tile, value, extra, filter });
  }
  const value = h('span', { class: 'value small' }, '–');
  const extra = h('span', { class: 'extra muted' }, NOTHING);
  const tile = h('div', { class: 'tile', title: 'When lines were last stored', 'data-name': 'last_import' },
    h('span', { class: 'name' }, 'Last import'), value, extra);
  tiles.set('last_import', { tile, value, extra });
  part(panel, 'body').replaceChildren(...[...tiles.values()].map((entry) => entry.tile));
  panel.classList.add('waiting');
}

build();

/** Writes the totals; the links of the tiles keep the range of `view`. */
export function drawTotals(stats, now, view) {
  panel.setAttribute('aria-busy', 'false');
  panel.classList.remove('waiting');
  for (const [name, { tile, value, extra, filter }] of tiles) {
    if (name === 'last_import') continue;
    value.textContent = number(stats[name]);
    const ofAll = name !== 'total_count' && name !== 'rejected_lines' && stats.total_count > 0;
    extra.textContent = ofAll ? `${share(stats[name], stats.total_count)} of requests` : NOTHING;
    if (filter !== undefined) {
      const rows = filter ?? { outcome: blockedOutcomes(stats) };
      tile.href = writeView({ range: view.range, resolution: view.resolution, filter: rows });
    }
  }
  tiles.get('rejected_lines').extra.textContent = stats.rejected_lines > 0 ? 'not among the requests' : 'every line was understood';
  tiles.get('total_count').extra.textContent = stats.total_count > 0 ? 'in the store' : 'none yet';
  const last = tiles.get('last_import');
  const at = parseTime(stats.last_import);
  last.value.textContent = Number.isNaN(at) ? 'never' : ago(at, now);
  last.extra.textContent = Number.isNaN(at) ? NOTHING : `${stats.last_import} UTC`;
}

// Whether login challenges count as blocked is a setting, which shows in the sum.
function blockedOutcomes(stats) {
  const refused = ['denied', 'origin_forbidden'];
  const more = stats.blocked_count > stats.proxy_denied_count + stats.origin_forbidden_count;
  return more ? [...refused, 'auth_challenge'] : refused;
}
