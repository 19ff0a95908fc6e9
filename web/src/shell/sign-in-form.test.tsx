// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { SignInForm } from './sign-in-form';

afterEach(cleanup);

/** Answers each sign-in in turn; keeps what was sent. */
function serve(...answers: [number, object, Record<string, string>?][]) {
  const sent: unknown[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    sent.push(await (request as Request).json());
    const [status, body, headers] = answers.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
  });
  return sent;
}

async function enter() {
  await userEvent.type(screen.getByLabelText('User'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'secret');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

test('a wrong password says so', async () => {
  serve([401, { code: 'unauthenticated' }]);
  render(<SignInForm onDone={() => expect.fail('is not signed in')} />);
  await enter();
  expect((await screen.findByRole('alert')).textContent).toBe('User or password is wrong.');
});

test('too many tries say how long to wait', async () => {
  serve([429, { code: 'rate_limited' }, { 'retry-after': '290' }]);
  render(<SignInForm onDone={() => expect.fail('is not signed in')} />);
  await enter();
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Too many failed tries. Try again in 5 minutes.',
  );
});

test('a code is asked for where one is needed, and sent along', async () => {
  const sent = serve(
    [401, { code: 'unauthenticated', errors: { totp: ['a code is needed'] } }],
    [200, { status: 'success', data: { password_change_required: true } }],
  );
  const done = vi.fn();
  render(<SignInForm onDone={done} />);
  await enter();
  await userEvent.type(await screen.findByLabelText('Code of your authenticator'), '123456');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith('ada', true, 'secret'));
  expect(sent).toEqual([
    { username: 'ada', password: 'secret' },
    { username: 'ada', password: 'secret', totp: '123456' },
  ]);
});
