import { expect, test } from 'vitest';
import { logsPage, onward, safeLink } from './paths';

const HERE = 'https://tidegate.example';

test.each([
  ['/logs?row=7#x', '/logs?row=7#x'],
  ['/', '/'],
  [undefined, '/'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example/', '/'],
  ['/.//elsewhere.example/', '/'],
  ['/\\elsewhere.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?next=/login', '/'],
])('after signing in, %s leads to %s', (wanted, there) => expect(onward(wanted, HERE)).toBe(there));

test.each([
  ['https://example.com/a', 'https://example.com/a'],
  ['http://example.com', 'http://example.com/'],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['JaVaScRiPt:alert(1)', undefined],
  ['/relative', undefined],
  [null, undefined],
])('link to %s', (url, link) => expect(safeLink(url)).toBe(link));

test.each([
  ['/api/logs?client_ip=10.0.0.5', '/logs?client_ip=10.0.0.5'],
  ['/api/v1/logs', '/logs'],
  ['/api/logs/7', undefined],
  ['https://x/api/logs?a', undefined],
  [null, undefined],
])('page of %s', (href, page) => expect(logsPage(href)).toBe(page));
