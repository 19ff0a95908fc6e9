import { expect, test } from 'vitest';
import { placeOf } from './server-link';

test.each([
  ['/api/logs?tag=ip_literal&outcome=allowed', '/logs?tag=ip_literal&outcome=allowed'],
  ['/api/logs', '/logs'],
  ['/api/logs/clear', null],
  ['//evil.example/api/logs', null],
  ['https://evil.example/', null],
  ['javascript:alert(1)', null],
  [null, null],
  [undefined, null],
])('%s', (href, place) => {
  expect(placeOf(href)).toBe(place);
});
