import { expect, test } from 'vitest';
import { changesOf, summary } from './changes';

test('fields are told one by one, within objects too', () => {
  expect(
    changesOf(
      { role: 'viewer', limits: { rate: 1 }, gone: true },
      { role: 'viewer', limits: { rate: 2 }, new: ['a'] },
    ),
  ).toEqual([
    { field: 'role', before: 'viewer', after: 'viewer', kind: 'same' },
    { field: 'limits.rate', before: '1', after: '2', kind: 'changed' },
    { field: 'gone', before: 'true', after: null, kind: 'removed' },
    { field: 'new', before: null, after: '["a"]', kind: 'added' },
  ]);
});

test('a value of its own has no field', () => {
  expect(changesOf(30, 31)).toEqual([{ field: '', before: '30', after: '31', kind: 'changed' }]);
  expect(changesOf(null, null)).toEqual([]);
});

test.each([
  [null, { role: 'admin' }, 'role: admin'],
  [{ role: 'viewer' }, { role: 'admin' }, 'role: viewer → admin'],
  [{ a: 1, b: 2 }, { a: 1 }, 'b: 2 →'],
  [{ a: 1, b: 1, c: 1, d: 1 }, { a: 2, b: 2, c: 2, d: 2 }, 'a: 1 → 2, b: 1 → 2, c: 1 → 2 and 1 more'],
  [5, 7, '5 → 7'],
  [{ same: 1 }, { same: 1 }, ''],
  [{ run: 4 }, { score: 42 }, 'run: 4, score: 42'],
  [null, { role: 'admin', email: '' }, 'role: admin'],
  [{ name: 'x' }, null, 'name: x'],
])('in a line: %#', (before, after, text) => {
  expect(summary(before, after)).toBe(text);
});
