import { expect, test } from 'vitest';
import { bytes, change, compact, duration, number, share } from './units';

test.each([
  [0, '0'],
  [12345, '12,345'],
  [0.25, '0.25'],
])('number %s', (value, words) => expect(number(value, 'en')).toBe(words));

test('numbers are in the reader’s locale', () => {
  expect(number(12345.5, 'de')).toBe('12.345,5');
  expect(compact(12345, 'en')).toBe('12.3K');
});

test.each([
  [0, 10, '0%'],
  [1, 100_000, '< 0.1%'],
  [99_999, 100_000, '> 99.9%'],
  [34, 1000, '3.4%'],
  [10, 10, '100%'],
  [0, 0, ''],
])('share of %s in %s', (part, whole, words) => expect(share(part, whole, 'en')).toBe(words));

test.each([
  [0, '0\u00a0B'],
  [999, '999\u00a0B'],
  [3912, '3.91 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [18_299_055_345, '18.3 GB'],
  [5e18, '5,000 PB'],
])('%s bytes', (value, words) => expect(bytes(value, 'en').replace('\u202f', ' ')).toBe(words));

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [3456, '3.4 s'],
  [125_000, '2 min 5 s'],
  [120_000, '2 min'],
  [11_520_000, '3 h 12 min'],
  [360_000_000, '4 d 4 h'],
])('%s ms', (ms, words) => expect(duration(ms, 'en')).toBe(words));

test.each([
  [112, 100, '+12%'],
  [50, 100, '-50%'],
  [100, 100, '0%'],
  [103.4, 100, '+3.4%'],
  [5, 0, undefined],
])('%s after %s', (now, before, words) => expect(change(now, before, 'en')).toBe(words));
