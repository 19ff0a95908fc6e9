import { expect, test } from 'vitest';
import { rangeBefore, rangeEdges, rangeLabel, rangeQuery, readRange, writeRange } from './range';

const HOUR = 3_600_000;

test.each([
  [{}, { kind: 'last', text: '24h', ms: 24 * HOUR }],
  [{ range: '15m' }, { kind: 'last', text: '15m', ms: HOUR / 4 }],
  [{ range: '90d' }, { kind: 'last', text: '90d', ms: 90 * 24 * HOUR }],
  [{ range: 'all' }, { kind: 'all' }],
  [{ range: '0h' }, { kind: 'last', text: '24h', ms: 24 * HOUR }],
  [{ range: '99999d' }, { kind: 'last', text: '24h', ms: 24 * HOUR }],
  [{ range: '7d; drop' }, { kind: 'last', text: '24h', ms: 24 * HOUR }],
  [
    { from: '1970-01-01T01:00:00Z', to: '1970-01-01T02:00:00Z' },
    { kind: 'between', fromMs: HOUR, toMs: 2 * HOUR },
  ],
  // An end before its start is no range.
  [
    { from: '1970-01-01T02:00:00Z', to: '1970-01-01T01:00:00Z', range: '1h' },
    { kind: 'last', text: '1h', ms: HOUR },
  ],
  [{ from: '1970-01-01T02:00:00Z' }, { kind: 'last', text: '24h', ms: 24 * HOUR }],
])('%j', (search, range) => expect(readRange(search)).toEqual(range));

test('what is written is read again, and replaces what was there', () => {
  for (const search of [
    { range: '7d' },
    { range: 'all' },
    { from: '1970-01-01T01:00:00Z', to: '1970-01-01T02:00:00Z' },
  ]) {
    const range = readRange(search);
    const written = writeRange(range);
    expect(readRange({ ...{ range: '1h', from: 'x' }, ...written })).toEqual(range);
    expect(Object.keys(written).sort()).toEqual(['from', 'range', 'to']);
  }
});

test('relative ranges stay relative when they are asked', () => {
  expect(rangeQuery(readRange({ range: '6h' }))).toEqual({ from: '6h' });
  expect(rangeBefore(readRange({ range: '6h' }))).toEqual({ from: '12h', to: '6h' });
  const between = readRange({ from: '1970-01-01T02:00:00Z', to: '1970-01-01T03:00:00Z' });
  expect(rangeQuery(between)).toEqual({ from: '1970-01-01T02:00:00Z', to: '1970-01-01T03:00:00Z' });
  expect(rangeBefore(between)).toEqual({ from: '1970-01-01T01:00:00Z', to: '1970-01-01T02:00:00Z' });
  expect(rangeBefore({ kind: 'all' })).toBeUndefined();
  expect(rangeEdges(readRange({ range: '1h' }), 10 * HOUR)).toEqual({ fromMs: 9 * HOUR, toMs: 10 * HOUR });
});

test('in words', () => {
  expect(rangeLabel(readRange({ range: '7d' }))).toBe('Last 7 days');
  expect(rangeLabel(readRange({ range: '3h' }))).toBe('Last 3 hours');
  expect(rangeLabel({ kind: 'between', fromMs: 0, toMs: HOUR })).toBe('1970-01-01 00:00 – 1970-01-01 01:00');
});
