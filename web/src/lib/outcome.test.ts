import { expect, test } from 'vitest';
import { progressPart, resultPairs } from './outcome';

test.each([
  [
    { reclaimed_mb: 1.5, archive: null, before: '2026-01-01T00:00:00Z' },
    [
      { name: 'reclaimed MB', value: 1.5 },
      { name: 'before', value: '2026-01-01 00:00:00 UTC' },
    ],
  ],
  [
    { clean: true, archives: ['a', 'b'], none: [] },
    [
      { name: 'clean', value: 'yes' },
      { name: 'archives', value: 'a, b' },
    ],
  ],
  [{}, []],
  [null, []],
  ['text', []],
  [[1], []],
])('a result: %#', (result, pairs) => {
  expect(resultPairs(result)).toEqual(pairs);
});

test.each([
  [null, null],
  [undefined, null],
  [{ done: 0, total: 0 }, null],
  [{ done: 1, total: 4 }, 0.25],
  [{ done: 9, total: 4 }, 1],
])('progress: %#', (progress, part) => {
  expect(progressPart(progress)).toBe(part);
});
