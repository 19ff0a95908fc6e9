import { expect, test } from 'vitest';
import { ApiError, messageOf, refusal } from './error';
import { worthRetrying } from './queries';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  refusal(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }));

test.each([
  [422, { code: 'invalid', detail: 'from: unknown parameter' }, {}, 'From: unknown parameter.'],
  [401, { code: 'unauthenticated', detail: 'x' }, {}, 'Your session has ended. Sign in again.'],
  [429, { code: 'rate_limited' }, { 'retry-after': '7' }, 'Too many requests. Try again in 7 s.'],
  [
    503,
    { detail: 'the store is being restored' },
    { 'retry-after': '2' },
    'The store is being restored. Try again in 2 s.',
  ],
  [500, { detail: 'something failed', request_id: 'abc' }, {}, 'Something failed. (request abc)'],
  [502, '<html>', {}, 'The server answered 502.'],
])('%s in words', async (status, body, headers, words) => {
  const failure = await answer(status, body, headers as Record<string, string>);
  expect([failure.message, failure.status]).toEqual([words, status]);
});

test('what is wrong with which field is kept', async () => {
  const failure = await answer(422, { code: 'invalid', errors: { limit: ['must be at most 1000'] } });
  expect([failure.code, failure.fields]).toEqual(['invalid', { limit: ['must be at most 1000'] }]);
});

test('anything that is thrown has words', () => {
  expect(messageOf(new ApiError('Said.'))).toBe('Said.');
  expect(messageOf(new TypeError('Failed to fetch'))).toMatch(/can’t be reached/);
  expect(messageOf('plain')).toBe('plain');
});

test.each([
  [0, 0, true],
  [503, 1, true],
  [429, 0, true],
  [503, 2, false],
  [401, 0, false],
  [404, 0, false],
  [422, 0, false],
  [500, 0, false],
])('status %s after %s tries is asked again: %s', (status, count, again) => {
  expect(worthRetrying(count, new ApiError('x', { status }))).toBe(again);
});
