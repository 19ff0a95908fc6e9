import assert from 'node:assert/strict';
import test from 'node:test';
import { get } from './api.js';

const answering = (status, body, headers) => async () =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

test('an answer is the envelope', async () => {
  assert.deepEqual(await get('logs', undefined, answering(200, { data: [1] })), { data: [1] });
});

test('every failure is a sentence', async () => {
  for (const [ask, status, message] of [
    [answering(401, {}), 401, /login/],
    [answering(422, { detail: 'from: no time', errors: { from: ['no time'] } }), 422, /^from: no time$/],
    [answering(500, { detail: 'it failed', request_id: 'ab12' }), 500, /it failed \(request ab12\)/],
    [answering(503, {}, { 'retry-after': '2' }), 503, /in 2 s/],
    [answering(502, '<html>'), 502, /answered 502/],
    [answering(200, '<html>'), 200, /not understood/],
    [async () => Promise.reject(new TypeError('refused')), 0, /can’t be reached/],
  ]) {
    await assert.rejects(get('logs', undefined, ask), (failure) => {
      assert.equal(failure.name, 'ApiError');
      assert.equal(failure.status, status);
      assert.match(failure.message, message);
      return true;
    });
  }
});

test('what nobody wants any more is no failure of the server', async () => {
  const wish = new AbortController();
  wish.abort();
  await assert.rejects(get('logs', wish.signal, (_, { signal }) => Promise.reject(signal.reason)), { name: 'AbortError' });
});
