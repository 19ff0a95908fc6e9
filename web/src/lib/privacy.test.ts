import { expect, test } from 'vitest';
import { pseudonymKind, reasonFault } from './privacy';

test.each([
  ['c-abcdefghij27', 'client'],
  [' u-abcdefghij27 ', 'user'],
  ['p-abcdefghij27', null],
  ['c-abcdefghij2', null],
  ['c-abcdefghij18', null],
  ['10.0.0.1', null],
  ['xc-abcdefghij27', null],
])('%s', (text, kind) => {
  expect(pseudonymKind(text)).toBe(kind);
});

test.each([
  ['too short', 'at least 10'],
  ['ten chars!', null],
  ['          ', 'at least 10'],
  ['😀'.repeat(10), null],
  ['x'.repeat(500), null],
  ['x'.repeat(501), 'at most 500'],
])('a reason: %#', (reason, fault) => {
  const found = reasonFault(reason);
  if (fault === null) expect(found).toBeNull();
  else expect(found).toContain(fault);
});
