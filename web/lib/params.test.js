import assert from 'node:assert/strict';
import test from 'node:test';
import { beforeQuery, fromFields, logQuery, pageBefore, rangeOf, readView, toFields, writeView } from './params.js';

test('an empty address is the default view, and the default view an empty address', () => {
  const view = readView('');
  assert.deepEqual(view, { range: '24h', resolution: '1h', filter: {}, cursor: null, cursor_id: null, row: null });
  assert.equal(writeView(view), '?');
});

test('what is written is read back', () => {
  for (const query of [
    '?outcome=denied&outcome=origin_forbidden&from=7d&range=7d&resolution=1d',
    '?client_ip=%2110.0.0.0%2F8&method=GET&status_code=403&from=2026-11-20+10%3A00%3A00&to=2026-11-20+11%3A00%3A00',
    '?status=4xx&range=30d&resolution=1h&cursor=abc-_&row=12',
    '?cursor_id=77',
  ]) {
    assert.equal(writeView(readView(query)), query);
  }
});

test('what is not understood is dropped', () => {
  for (const query of ['?range=1y', '?range=constructor', '?resolution=5s', '?row=0', '?row=1e3', '?cursor_id=-4',
    '?x=y', '?method=', '?method=%20', '?row=%3Cimg%3E', '?range=24h&resolution=1d']) {
    assert.equal(writeView(readView(query)), '?', query);
  }
  assert.equal(readView('?cursor=a&cursor_id=4').cursor_id, null);
  assert.deepEqual(readView('?from=1h&from=2h').filter.from, ['1h']);
});

test('the form and the filter say the same', () => {
  const fields = { client_ip: '10.0.0.1, !10.0.0.2', method: '', status_code: '403', outcome: 'denied', from: '', to: '' };
  const filter = fromFields(fields);
  assert.deepEqual(filter, { client_ip: ['10.0.0.1', '!10.0.0.2'], status_code: ['403'], outcome: ['denied'] });
  assert.deepEqual(toFields(filter), fields);
  assert.deepEqual(fromFields({ status_code: '4xx 500' }), { status: ['4xx', '500'] });
  assert.equal(toFields({ status: ['4xx', '500'] }).status_code, '4xx, 500');
  assert.deepEqual(fromFields({ from: ' 2026-11-20 10:00 ' }), { from: ['2026-11-20 10:00'] });
});

test('the API is asked for filter and page, nothing of the page itself', () => {
  const view = readView('?outcome=denied&range=7d&cursor=abc&row=3');
  assert.equal(logQuery(view, 50), 'outcome=denied&limit=50&cursor=abc');
  assert.equal(beforeQuery(view, 9, 50), 'outcome=denied&order=asc&cursor_id=9&limit=51');
});

test('the page before is found from the rows before', () => {
  const rows = (count) => Array.from({ length: count }, (_, index) => ({ id: 100 + index }));
  assert.equal(pageBefore(rows(3), 3), null);
  assert.equal(pageBefore(rows(4), 3), '103');
  assert.equal(pageBefore([], 3), null);
});

test('the smallest range that reaches an instant', () => {
  const now = Date.UTC(2026, 10, 20);
  const hours = (count) => now - count * 3_600_000;
  assert.equal(rangeOf(hours(2), now), '24h');
  assert.equal(rangeOf(hours(30), now), '7d');
  assert.equal(rangeOf(hours(500), now), '30d');
  assert.equal(rangeOf(hours(900), now), null);
});
