import { expect, test } from 'vitest';
import { describe } from './schedule';

test.each([
  ['', 'never'],
  ['0 17 3 * * *', 'every day at 03:17 UTC'],
  ['30 0 3 * * *', 'every day at 03:00:30 UTC'],
  ['0 7 * * * *', 'every hour at :07'],
  ['0 37 */6 * * *', 'every 6 hours at :37'],
  ['0 47 3 * * sun', 'every Sunday at 03:47 UTC'],
  ['0 0 0 1 * *', 'day 1 of every month at 00:00 UTC'],
  ['0 0 3 1 * MON', null],
  ['0 0 3-5 * * *', null],
  ['*/5 * * * * *', null],
  ['0 0 3 * JAN *', null],
  ['0 0 3 * *', null],
])('%s', (pattern, words) => {
  expect(describe(pattern)).toBe(words);
});
