import { expect, test } from 'vitest';
import { ago, clock, day, isoTime, parseTime, span, sqlTime } from './time';

const NOON = Date.UTC(2026, 10, 20, 12);

test.each([
  ['2026-11-20 12:00:00', NOON],
  ['2026-11-20T12:00:00Z', NOON],
  ['2026-11-20T12:00:00.500Z', NOON + 500],
  ['2026-11-20T13:00:00+01:00', NOON],
  ['2026-11-20T12:00Z', NOON],
  ['2026-11-20', NaN],
  ['20/11/2026', NaN],
  ['', NaN],
  [null, NaN],
])('%s is read', (text, ms) => expect(parseTime(text)).toBe(ms));

test('what is written is read again', () => {
  expect(parseTime(sqlTime(NOON))).toBe(NOON);
  expect(parseTime(isoTime(NOON))).toBe(NOON);
  expect([clock(NOON), day(NOON, 'en-GB')]).toEqual(['12:00', '20 Nov']);
});

test('buckets in words', () => {
  expect(span(NOON, 3_600_000, 'en-GB')).toMatch(/^Fri,? 20 Nov 2026, 12:00–13:00 UTC$/);
  expect(span(NOON, 86_400_000, 'en-GB')).toMatch(/20 Nov 2026 UTC$/);
});

test.each([
  [-1000, '1 second ago'],
  [-90_000, '1 minute ago'],
  [-7_200_000, '2 hours ago'],
  [-86_400_000, 'yesterday'],
  [3_700_000, 'in 1 hour'],
  [0, 'now'],
])('%s ms from now', (ms, words) => expect(ago(NOON + ms, NOON, 'en')).toBe(words));
