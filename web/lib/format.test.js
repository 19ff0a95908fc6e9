import assert from 'node:assert/strict';
import test from 'node:test';
import * as format from './format.js';

const rows = (name, table) =>
  test(name, () => {
    for (const [call, want] of table) assert.equal(call(), want, String(call));
  });

rows('numbers speak the locale', [
  [() => format.number(1234567, 'en'), '1,234,567'],
  [() => format.number(1234567, 'de'), '1.234.567'],
  [() => format.compact(12345, 'en'), '12.3K'],
]);

rows('shares never say nothing of something', [
  [() => format.share(0, 10, 'en'), '0%'],
  [() => format.share(1, 100_000, 'en'), '< 0.1%'],
  [() => format.share(99_999, 100_000, 'en'), '> 99.9%'],
  [() => format.share(10, 10, 'en'), '100%'],
  [() => format.share(34, 1000, 'de'), '3,4\u00a0%'],
  [() => format.share(0, 0, 'en'), ''],
]);

rows('bytes and durations', [
  [() => format.bytes(0, 'en'), '0\u00a0B'],
  [() => format.bytes(999, 'en'), '999\u00a0B'],
  [() => format.bytes(3914, 'en'), '3.91 kB'],
  [() => format.bytes(999_999, 'en'), '1 MB'],
  [() => format.bytes(1.5e16, 'en'), '15 PB'],
  [() => format.duration(0, 'en'), '0 ms'],
  [() => format.duration(-5, 'en'), '-5 ms'],
  [() => format.duration(3456, 'en'), '3.4 s'],
  [() => format.duration(59_999, 'en'), '59.9 s'],
  [() => format.duration(125_000, 'en'), '2 min 5 s'],
  [() => format.duration(11_520_000, 'en'), '3 h 12 min'],
]);

const TEN = Date.UTC(2026, 10, 20, 10);

rows('times are UTC', [
  [() => format.parseTime('2026-11-20 10:00:00'), TEN],
  [() => format.parseTime('2026-11-20T10:00:00Z'), NaN],
  [() => format.parseTime(null), NaN],
  [() => format.sqlTime(TEN), '2026-11-20 10:00:00'],
  [() => format.clock(TEN), '10:00'],
  [() => format.day(TEN, 'en-GB'), '20 Nov'],
  [() => format.span(TEN, 3_600_000, 'en-GB'), 'Fri, 20 Nov 2026, 10:00–11:00 UTC'],
  [() => format.span(TEN, 86_400_000, 'en-GB'), 'Fri, 20 Nov 2026 UTC'],
  [() => format.ago(TEN, TEN + 125_000, 'en'), '2 minutes ago'],
  [() => format.ago(TEN, TEN, 'en'), 'now'],
  [() => format.ago(TEN + 500, TEN, 'en'), 'now'],
  [() => format.ago(TEN, TEN + 3 * 86_400_000, 'en'), '3 days ago'],
]);
